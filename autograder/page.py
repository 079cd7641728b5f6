"""The page of a lab on the site: the executed notebook without what a student must not see."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from autograder import release, run
from autograder.course import Course
from autograder.errors import CourseError
from autograder.key import machinery, run_key

PROFILE = "quick"


def read(text: str) -> NotebookNode:
    """Read a notebook's source for the site. MyST-NB calls it for every lab and every lecture that runs.

    The notebook is run first if no run of it is kept, so that ``jupyter-book build`` typed by hand gives the same
    site as ``course build``.

    Parameters
    ----------
    text : str
        The whole source; MyST-NB does not say which file it comes from.

    Raises
    ------
    CourseError
        If the text is no notebook of the course, or running it fails.
    """
    course = Course.find()
    matches = [source for source in course.notebooks() if source.read_text(encoding="utf-8") == text]
    if not matches:
        raise CourseError("A page of the site is code but no notebook of the course (labs/LAB/NAME.py, book/NAME.md).")
    return page(course, matches[0])


def page(course: Course, source: Path) -> NotebookNode:
    """Make the page of one notebook from its kept run.

    Parameters
    ----------
    course : Course
        The checkout.
    source : Path
        The source of a lab or a lecture.

    Raises
    ------
    CourseError
        If the notebook fails.
    """
    (result,) = run.run(course, [source], PROFILE)
    if result.error:
        raise CourseError(f"{course.relative(source)} failed, so it has no page: {result.error}")
    notebook = run.executed(course, result.key)
    if source.suffix == ".md":
        return _lecture(source, notebook)
    release.for_site(course, source.parent.name)
    ClearSolutions().preprocess(notebook, {})
    ClearHiddenTests().preprocess(notebook, {})
    notebook.cells = [_cell(cell) for cell in notebook.cells if "injected-parameters" not in _tags(cell)]
    notebook.cells.insert(1, _download(source))
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec}
    return notebook


def _lecture(source: Path, executed: NotebookNode) -> NotebookNode:
    """Put the outputs of a run into a lecture, read as MyST-NB reads it, so that warnings name the right lines."""
    from myst_nb.core.read import read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    text = source.read_text(encoding="utf-8")
    notebook = read_myst_markdown_notebook(text, config=MdParserConfig(), add_source_map=True, path=source)
    ran = [cell for cell in executed.cells if cell.cell_type == "code" and "injected-parameters" not in _tags(cell)]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, done in zip(code, ran, strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    notebook.cells = [_cell(cell) for cell in notebook.cells]
    return notebook


def key(course: Course, source: Path) -> str:
    """Return what the page of a notebook is made from: the key of its run, and this module."""
    notebook = course.read(source)
    return run_key(notebook, course, PROFILE, run.resolve_device("auto")).digest + machinery("page.py")


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _cell(cell: NotebookNode) -> NotebookNode:
    """Keep of a cell's metadata what the page needs: tags, and the figure's text alternative and caption."""
    graded = cell.metadata.get("nbgrader", {})
    kind = ["exercise"] if graded.get("solution") else ["tests"] if graded.get("grade") else []
    metadata: dict[str, object] = {"tags": [*_tags(cell), *kind]}
    if "alt" in cell.metadata:
        metadata["mystnb"] = {"image": {"alt": cell.metadata.alt}, "figure": {"caption": cell.metadata.caption}}
    cell.metadata = NotebookNode(metadata)
    return cell


def _download(source: Path) -> NotebookNode:
    path = f"/_build/release/{source.parent.name}/{source.stem}.ipynb"
    text = (
        "```{div} student-notebook\n"
        f"{{download}}`Download the student notebook <{path}>` "
        "to work through the exercises yourself. What this page shows below an exercise is what a right answer "
        "produces; the answer itself is yours to write.\n```"
    )
    return new_markdown_cell(text, id="download")
