"""From a lab's source to a notebook with nbgrader's cell metadata (schema 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.lab import Cell, Notebook, only, without

SCHEMA_VERSION = 3


def expand(notebook: Notebook, course: Course) -> NotebookNode:
    """Make the instructor's notebook, with solutions and hidden tests.

    Cell ids are the names of exercises, else the place in the source, so that the same source gives the same bytes.

    Parameters
    ----------
    notebook : Notebook
        The source, read.
    course : Course
        Where the texts of the learning objectives are.
    """
    cells = [_title(notebook, course)] if notebook.header.title else []  # a lecture has its own
    for cell in notebook.cells:
        cells.extend(_essay(cell) if cell.role == "essay" else [_single(cell)])
    return new_notebook(cells=cells, metadata=dict(notebook.language))


def _title(notebook: Notebook, course: Course) -> NotebookNode:
    header = notebook.header
    aims = "\n".join(f"- {course.objectives.get(key, key)}" for key in header.objectives)
    data = f" What it uses is described on data cards: {_cards(header.data, course)}." if header.data else ""
    text = f"# {header.title}\n\nThis notebook takes about {header.minutes} minutes.{data} After it you can:\n\n{aims}"
    return new_markdown_cell(text, id="title")


def _cards(names: tuple[str, ...], course: Course) -> str:
    """Return the titles of data cards; they hold commas."""
    texts = [course.cards[name].read_text("utf-8") for name in names]
    return "; ".join(str(yaml.safe_load(text)["title"]) for text in texts)


def _single(cell: Cell) -> NotebookNode:
    if cell.kind == "markdown":
        return new_markdown_cell(cell.source, id=f"cell-{cell.number}", metadata=dict(cell.metadata))
    metadata = dict(cell.metadata)
    grade_id = cell.name
    if cell.role == "exercise":
        metadata["nbgrader"] = _nbgrader(grade_id, solution=True)
    elif cell.role == "tests":
        grade_id = f"{cell.name}-tests"
        metadata["nbgrader"] = _nbgrader(grade_id, points=cell.points, locked=True)
    return new_code_cell(cell.source, id=grade_id or f"cell-{cell.number}", metadata=metadata)


def _essay(cell: Cell) -> Iterator[NotebookNode]:
    """Part the question, which the student can't edit, from the answer, which she writes.

    The mark scheme goes with the sample answer: nbgrader takes both out, and knows a mark scheme only in tasks.
    """
    question = without("MARK SCHEME", without("SOLUTION", cell.source)).strip()
    secret = "\n\n".join(filter(None, (only("MARK SCHEME", cell.source), only("SOLUTION", cell.source))))
    prompt = f"{cell.name}-question"
    yield new_markdown_cell(question, id=prompt, metadata={"nbgrader": _nbgrader(prompt, locked=True)})
    answer = f"### BEGIN SOLUTION\n{secret}\n### END SOLUTION"
    metadata = {"nbgrader": _nbgrader(cell.name, points=cell.points, solution=True)}
    yield new_markdown_cell(answer, id=cell.name, metadata=metadata)


def _nbgrader(grade_id: str, points: float = 0, *, solution: bool = False, locked: bool = False) -> dict[str, Any]:
    graded = {"points": points} if points else {}
    return {
        "schema_version": SCHEMA_VERSION,
        "grade_id": grade_id,
        "grade": bool(points),
        "solution": solution,
        "locked": locked,
        "task": False,
        **graded,
    }
