"""Rendering the site: all of it, what changed, or nothing if nothing did.

A build starts from a copy of the last good one, so that what a failed or interrupted build has left is never built on.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import platform
import re
import shutil
import sysconfig
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from autograder.course import Course
from autograder.deck import homes
from autograder.errors import CourseError
from autograder.ledger import cited
from autograder.objectives import served

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: What Jupyter Book makes and builds on the next time, as folders of ``_build``.
_MADE = ("html", ".doctrees", "jupyter_execute")
_NO_SOURCES = ("_build", "grading", "tests")


def build(course: Course) -> Path:
    """Render the site and return its first page.

    Parameters
    ----------
    course : Course
        The checkout; its notebooks have been run.

    Raises
    ------
    CourseError
        If an objective, an item of the deck or a claim has no page, or Jupyter Book fails or warns; the message says
        what it said.
    """
    course.build.mkdir(exist_ok=True)
    with FileLock(course.build / "building.lock"):
        served(course)
        homes(course)
        cited(course)
        began, sources = time.time(), _hashes(course)
        _prepare(course, sources)
        _jupyter_book(course)
        _keep(course, _Stamp(began, sources, _made(course.build)))
    return _index(course)


def current(course: Course) -> Path | None:
    """Return the first page of the site if nothing has changed since it was rendered; quick, without Sphinx.

    Parameters
    ----------
    course : Course
        The checkout.
    """
    stamp = _stamp(course)
    good = stamp and stamp.made == _made(course.build) and stamp.sources == _hashes(course)
    return _index(course) if good else None


def kept(course: Course) -> Path:
    """Return the folder of the last good build, which a build that is under way or has failed does not touch."""
    return course.build / "kept"


def files(course: Course) -> Iterator[Path]:
    """Find every file of the checkout that the site may be made from, and some more."""
    for folder, folders, names in os.walk(course.root):
        here = Path(folder)
        skipped = {"__pycache__", *(_NO_SOURCES if here == course.root else ())}
        folders[:] = [
            name
            for name in sorted(folders)
            if not name.startswith(".") and name not in skipped and not (here / name / "pyvenv.cfg").exists()
        ]
        yield from (here / name for name in sorted(names) if not name.startswith("."))


@dataclass(frozen=True)
class _Stamp:
    """When a good build began, the hash of all it was made from, and the size and time of all that it made."""

    began: float
    sources: dict[str, str]
    made: dict[str, list[int]]


def _index(course: Course) -> Path:
    return course.build / "html" / "index.html"


def _stamp(course: Course) -> _Stamp | None:
    try:
        return _Stamp(**json.loads((kept(course) / "stamp.json").read_text("utf-8")))
    except FileNotFoundError:
        return None


def _hashes(course: Course) -> dict[str, str]:
    """Return hashes of the sources, of the machinery, and of what decides on which device a notebook runs."""
    found = {course.relative(path): path for path in files(course)}
    for package in ("autograder", "clinic"):
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or []:
            found |= {str(path): path for path in Path(folder).rglob("*") if path.suffix in (".py", ".html", ".yml")}
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}
    driver = Path("/proc/driver/nvidia/version")
    hashes["the machine"] = " ".join(
        (
            platform.python_version(),
            str(Path(sysconfig.get_path("purelib")).stat().st_mtime_ns),
            driver.read_text("utf-8") if driver.exists() else "",
            shutil.which("nvidia-smi") or "",
            os.environ.get("CUDA_VISIBLE_DEVICES", "any"),
        )
    )
    return hashes


def _made(place: Path) -> dict[str, list[int]]:
    return {f"{name}/{path}": state for name in _MADE for path, state in _states(place / name).items()}


def _states(folder: Path) -> dict[str, list[int]]:
    paths = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {name: [state.st_size, state.st_mtime_ns] for name, state in sorted(paths.items())}


def _prepare(course: Course, sources: dict[str, str]) -> None:
    """Make ready what Sphinx builds on: the last good build, or nothing if Sphinx would not see what has changed.

    What a failed or interrupted build, or somebody's hand, has left is never built on: Sphinx would neither repeat
    its warnings nor write pages again that it thinks it has written.
    """
    stamp = _stamp(course)
    if stamp and all(_seen(course, name, stamp.began) for name in _differing(stamp.sources, sources)):
        for name in _MADE:
            _mirror(kept(course) / name, course.build / name)
        return
    for name in (*_MADE, "release"):
        shutil.rmtree(course.build / name, ignore_errors=True)


def _differing(before: dict[str, str], now: dict[str, str]) -> list[str]:
    return [name for name in {**before, **now} if before.get(name) != now.get(name)]


def _seen(course: Course, name: str, began: float) -> bool:
    """Say whether Sphinx sees by itself that this file has changed, and what depends on it."""
    path = course.root / name
    page = path.suffix in (".md", ".bib", ".svg", ".png", ".jpg") and "/_" not in name
    listed = path in (course.root / "book" / "objectives.yml", *course.cards.values())
    notebook = any(path in sources for sources in course.labs.values())
    # Sphinx goes by times: a file put in place with its old time (cp -p, rsync) does not look changed
    return (page or listed or notebook) and (not path.exists() or path.stat().st_mtime > began)


def _jupyter_book(course: Course) -> None:
    """Do what ``jupyter-book build .`` does, in this process, which has half of the libraries already."""
    from jupyter_book.cli.main import main  # type: ignore[import-untyped]

    said = io.StringIO()
    failed = False
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main(["build", str(course.root), "-W", "--keep-going", "-q"], standalone_mode=False)
        except SystemExit as end:
            if isinstance(end.code, KeyboardInterrupt):
                raise end.code from None
            failed = bool(end.code)
        except RuntimeError as error:
            said.write(str(error))
            failed = True
    if failed or not _index(course).is_file():
        lines = _COLOUR.sub("", said.getvalue()).splitlines()
        text = "\n".join(line for line in lines if line.strip())
        raise CourseError(f"The site could not be rendered. Jupyter Book says:\n{text}")


def _keep(course: Course, stamp: _Stamp) -> None:
    """Keep a good build; the stamp is there only while all of it is."""
    place = kept(course)
    place.mkdir(exist_ok=True)
    (place / "stamp.json").unlink(missing_ok=True)
    for name in _MADE:
        _mirror(course.build / name, place / name)
    new = place / ".new"
    new.write_text(json.dumps(asdict(stamp)), "utf-8")
    new.replace(place / "stamp.json")


def _mirror(source: Path, target: Path) -> None:
    """Make a folder equal to another, times included, file by file."""
    wanted, there = _states(source), _states(target)
    for name in there.keys() - wanted.keys():
        (target / name).unlink()
    for name in (name for name, state in wanted.items() if there.get(name) != state):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".new-{path.name}")
        shutil.copy2(source / name, new)
        new.replace(path)
