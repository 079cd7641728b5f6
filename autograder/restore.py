"""Putting a submission back into the order of the lab before it is graded.

A student may delete, copy, move, split or merge cells, by accident or to cheat. Her answers stay where and as they
are. The instructor's graded cells come from the gradebook, whatever stands in the submission.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook

from autograder.errors import CourseError


@dataclass(frozen=True)
class Original:
    """A notebook of the lab as it was released, and its graded cells as the gradebook keeps them.

    Parameters
    ----------
    name : str
        Its name, without suffix.
    cells : tuple of NotebookNode
        The released cells, in order.
    locked : dict of str to NotebookNode
        The cells that a student can't edit, by grade id, hidden tests included.
    kernelspec : dict
        The kernel that it asks for.
    """

    name: str
    cells: tuple[NotebookNode, ...]
    locked: dict[str, NotebookNode]
    kernelspec: dict[str, Any]

    @property
    def answers(self) -> dict[str, NotebookNode]:
        """The released cells that a student is to fill, by grade id, in order."""
        return {_grade_id(cell): cell for cell in self.cells if _is(cell, "solution")}

    @cached_property
    def by_text(self) -> dict[str, str]:
        """The grade ids of the locked cells, by their released text; of several with the same, the first."""
        locked = [cell for cell in reversed(self.cells) if _grade_id(cell) in self.locked]
        return {_text(cell.source): _grade_id(cell) for cell in locked if cell.source.strip()}

    def answer_of(self, tests: str) -> str:
        """Return the grade id of the last cell to fill before a locked one, empty if there is none."""
        before = ""
        for cell in self.cells:
            if _grade_id(cell) == tests:
                break
            before = _grade_id(cell) if _is(cell, "solution") else before
        return before


@dataclass
class Restored:
    """A submission put in order.

    Parameters
    ----------
    notebook : NotebookNode
        Ready to run.
    notes : list of str
        What was restored, in sentences for the student.
    evidence : list of str
        What looks like an attempt to gain points, for the instructor.
    """

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)


def originals(book: Gradebook, release: Path, lab: str) -> dict[str, Original]:
    """Read the notebooks of a lab as they were released, by file name.

    Parameters
    ----------
    book : Gradebook
        Where the graded cells are kept.
    release : Path
        The folder of the release.
    lab : str
        The name of the lab.

    Raises
    ------
    CourseError
        If a notebook that the gradebook knows is not in the release.
    """
    found = {}
    for notebook in book.find_assignment(lab).notebooks:
        path = release / f"{notebook.name}.ipynb"
        if not path.is_file():
            raise CourseError(f"{path.name} is in the gradebook but not in {release}: course release {lab} --force.")
        cells = tuple(nbformat.read(path, as_version=4).cells)
        points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
        kept = {cell.name: cell for cell in notebook.source_cells}
        locked = {}
        for cell in cells:
            name = _grade_id(cell)
            if not name or _is(cell, "solution") or name not in kept:
                continue
            whole = _copy(cell)
            whole.source = kept[name].source
            whole.metadata.nbgrader.checksum = kept[name].checksum
            if name in points:
                whole.metadata.nbgrader.points = points[name]
            locked[name] = whole
        spec = json.loads(notebook.kernelspec) if notebook.kernelspec else {}
        found[path.name] = Original(notebook.name, cells, locked, spec or {})
    return found


def restore(submitted: list[NotebookNode], original: Original) -> Restored:
    """Put the cells of a submission in order.

    Parameters
    ----------
    submitted : list of NotebookNode
        As :func:`submission.read` gives them.
    original : Original
        As the lab was released.
    """
    return _Restorer(submitted, original).restored()


def empty(original: Original) -> NotebookNode:
    """Return the released notebook, for a student who has handed in nothing that can be read."""
    return _notebook([_copy(original.locked.get(_grade_id(cell), cell)) for cell in original.cells], original)


class _Restorer:
    def __init__(self, submitted: list[NotebookNode], original: Original) -> None:
        self.original = original
        self.released = {_grade_id(cell): cell for cell in original.cells if _grade_id(cell)}
        self.names = [self._name(cell) for cell in submitted]
        self.submitted = submitted
        self.notes: list[str] = []
        self.evidence: list[str] = []

    def _name(self, cell: NotebookNode) -> str:
        """Find out which cell of the lab this is: by its metadata, its id, or, for a locked one, its text."""
        claimed = cell.metadata.get("nbgrader", {}).get("grade_id")
        if isinstance(claimed, str) and claimed in self.released:
            return claimed
        if cell.id in self.released:
            return str(cell.id)
        return self.original.by_text.get(_text(cell.source), "")

    def restored(self) -> Restored:
        """Put everything in its place."""
        answers = {name: self._answer(name) for name in self.original.answers}
        places = {name: self._place(name, answers) for name in self.original.locked}
        cells: list[NotebookNode] = []
        for index, cell in enumerate(self.submitted):
            cells += self._locked_at(index - 0.5, places)
            name = self.names[index]
            if name in self.original.locked:
                self._compare(cell, name)
            elif name and answers[name] == index:
                cells.append(self._answered(cell, name))
            else:
                cells.append(_stripped(cell, index))
            cells += self._locked_at(index, places)
        for name in self.original.locked:
            if places[name] == len(self.submitted):
                cells += [_copy(self.original.locked[name]), *self._unanswered(name)]
        self._missing()
        return Restored(_notebook(cells, self.original), self.notes, self.evidence)

    def _answer(self, name: str) -> int | None:
        """Return where the answer to an exercise stands: of several cells, the last that was edited."""
        places = [index for index, found in enumerate(self.names) if found == name]
        if not places:
            return None
        if len(places) > 1:
            self.notes.append(
                f"The cell '{name}' occurs {len(places)} times; all of them were run, the last one counts."
            )
        edited = [i for i in places if _text(self.submitted[i].source) != _text(self.released[name].source)]
        return (edited or places)[-1]

    def _place(self, name: str, answers: dict[str, int | None]) -> float:
        """Return after which cell a locked one belongs: where it stands, but never before the answer that it is for.

        A question stands before its answer, which counts as half a cell earlier.
        """
        found = [index for index, other in enumerate(self.names) if other == name]
        if not _is(self.original.locked[name], "grade"):
            answer = answers.get(name.removesuffix("-question"))
            return found[0] if found else len(self.submitted) if answer is None else answer - 0.5
        answer = answers.get(self.original.answer_of(name))
        if len(found) > 1:
            self.notes.append(f"The cell '{name}' occurs {len(found)} times; it was run once.")
        if found and (answer is None or found[-1] > answer):
            return found[-1]
        if found:
            self.notes.append(f"The cell '{name}' stood before the answer that it tests; it was run after it.")
        else:
            self.notes.append(f"The cell '{name}' was missing and was put back.")
        return len(self.submitted) if answer is None else answer

    def _locked_at(self, place: float, places: dict[str, float]) -> list[NotebookNode]:
        return [_copy(self.original.locked[name]) for name, found in places.items() if found == place]

    def _answered(self, cell: NotebookNode, name: str) -> NotebookNode:
        released = self.released[name]
        claimed = cell.metadata.get("nbgrader", {})
        self._compare_points(claimed, name)
        kept = _copy(released)
        kept.source = cell.source
        if "attachments" in cell and released.cell_type == "markdown":
            kept.attachments = cell.attachments
        if cell.cell_type != released.cell_type:
            self.notes.append(f"The cell '{name}' had become {cell.cell_type}; it was taken as {released.cell_type}.")
        return kept

    def _compare(self, cell: NotebookNode, name: str) -> None:
        """Say that a locked cell was changed, and whether in what it claims to be worth."""
        if _text(cell.source) != _text(self.released[name].source):
            self.notes.append(f"The cell '{name}' can't be changed: the lab's own text was used instead of yours.")
        self._compare_points(cell.metadata.get("nbgrader", {}), name)

    def _compare_points(self, claimed: Any, name: str) -> None:
        said = self.released[name].metadata.nbgrader
        for key in ("points", "grade", "solution", "locked"):
            if key in claimed and claimed[key] != said.get(key):
                self.evidence.append(
                    f"the cell '{name}' claims {key} {claimed[key]!r} instead of {said.get(key)!r}"[:200]
                )

    def _unanswered(self, question: str) -> Iterator[NotebookNode]:
        """Give back an essay's answer that is missing, so that it is there to be graded."""
        name = question.removesuffix("-question")
        if name != question and name in self.original.answers and name not in self.names:
            yield _copy(self.released[name])

    def _missing(self) -> None:
        for name in self.original.answers:
            if name not in self.names:
                self.notes.append(f"The cell '{name}' is missing from the notebook.")
        plain = [cell for cell in self.original.cells if not _grade_id(cell) and cell.cell_type == "code"]
        here = {cell.id for cell in self.submitted} | {_text(cell.source) for cell in self.submitted}
        gone = [cell for cell in plain if cell.id not in here and _text(cell.source) not in here]
        if gone:
            first = gone[0].source.strip().splitlines()[:1] or [""]
            count, verb = ("A cell", "is") if len(gone) == 1 else (f"{len(gone)} cells", "are")
            self.notes.append(
                f"{count} of the lab's own code {verb} not in the notebook any more (the first begins with: "
                f"{first[0][:60]}); the exercises were graded without."
            )


def _notebook(cells: list[NotebookNode], original: Original) -> NotebookNode:
    seen: set[str] = set()
    for number, cell in enumerate(cells, 1):
        if cell.id in seen:
            cell.id = f"cell-{number}-again"
        seen.add(cell.id)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return new_notebook(cells=cells, metadata={"kernelspec": original.kernelspec, "language_info": {"name": "python"}})


def _copy(cell: NotebookNode) -> NotebookNode:
    copied: NotebookNode = nbformat.from_dict(json.loads(json.dumps(cell)))
    return copied


def _stripped(cell: NotebookNode, index: int) -> NotebookNode:
    cell.metadata = NotebookNode()
    cell.id = f"own-{index + 1}" if cell.id.startswith("unnamed") else cell.id
    return cell


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is(cell: NotebookNode, what: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(what))


def _text(source: str) -> str:
    """Return what counts of a text when two are compared: not spaces at the ends of its lines."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
