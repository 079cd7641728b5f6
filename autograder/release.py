"""The student's version of a lab: made by nbgrader, without solutions and hidden tests."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbgrader.utils import capture_log

from autograder import gradebook
from autograder.citation import spell_out
from autograder.course import Course
from autograder.errors import CourseError, MisuseError
from autograder.expand import expand


def for_site(course: Course, name: str) -> list[Path]:
    """Make the student's notebooks of a lab under ``_build/release/``, where the site's download links point.

    Works in a scratch course directory, so that building the site never touches the gradebook.

    Parameters
    ----------
    course : Course
        The checkout.
    name : str
        The lab.

    Returns
    -------
    list of Path
        The notebooks, as they were if nothing has changed.
    """
    place = course.build / "release" / name
    texts = _instructor_notebooks(course, name)
    key = hashlib.sha256("".join(texts.values()).encode()).hexdigest()
    notebooks = [place / f"{stem}.ipynb" for stem in texts]
    marker = place / ".key"
    if marker.is_file() and marker.read_text("ascii") == key and all(path.is_file() for path in notebooks):
        return notebooks
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as scratch:
        root = Path(scratch)
        _generate(course, name, texts, root)
        made = root / "release" / name
        (made / ".key").write_text(key, "ascii")
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
    return notebooks


def release(course: Course, name: str, *, force: bool = False) -> str:
    """Make the release of a lab in ``grading/``, enter the lab in the gradebook, and put it into the exchange.

    Parameters
    ----------
    course : Course
        The checkout.
    name : str
        The lab.
    force : bool
        Whether to replace a release that students may have fetched already.

    Returns
    -------
    str
        What happened, for the terminal.

    Raises
    ------
    MisuseError
        If there is no such lab, or it is in the exchange already and `force` is not given.
    CourseError
        If nbgrader fails.
    """
    texts = _instructor_notebooks(course, name)
    nbgrader = gradebook.api(course)
    exchanged = Path(nbgrader.exchange_root or ".") / nbgrader.course_id / "outbound" / name
    functional = nbgrader.exchange_is_functional
    if functional and exchanged.exists() and not force:
        raise MisuseError(f"'{name}' is released already, and students may have fetched it. To replace it: --force.")
    _generate(course, name, texts, course.grading)
    made = f"Made the release of {name} in {course.relative(course.grading / 'release' / name)}."
    if not functional:
        return f"{made} There is no exchange at {nbgrader.exchange_root}: hand it out another way."
    nbgrader.coursedir.assignment_id = name
    app = nbgrader.exchange.ReleaseAssignment(
        coursedir=nbgrader.coursedir, authenticator=nbgrader.authenticator, parent=nbgrader
    )
    app.force = force
    gradebook.insist(capture_log(app), f"put {name} into the exchange", course)
    return f"{made} Students fetch it with: nbgrader fetch_assignment {name}"


def _instructor_notebooks(course: Course, name: str) -> dict[str, str]:
    """Return the expanded notebooks of a lab as JSON text, by file stem."""
    texts = {}
    for source in course.sources(name):
        notebook = expand(course.read(source), course)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = spell_out(cell.source, course.bibliography)
        texts[source.stem] = nbformat.writes(notebook) + "\n"
    if not texts:
        raise CourseError(f"labs/{name} has no notebook: add a percent script, labs/{name}/NAME.py.")
    return texts


def _generate(course: Course, name: str, texts: dict[str, str], root: Path) -> None:
    source = root / "source" / name
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for stem, text in texts.items():
        (source / f"{stem}.ipynb").write_text(text, encoding="utf-8", newline="\n")
    nbgrader = gradebook.api(course, root)
    gradebook.insist(nbgrader.generate_assignment(name, force=True), f"generate the release of {name}", course)
