"""What the tests of one cell said of a submission."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nbformat import NotebookNode

KEY = "verdict"
_HIDDEN = re.compile(r"### (BEGIN|END) HIDDEN TESTS")


@dataclass(frozen=True)
class Part:
    """One part of a test that gives points of its own.

    Parameters
    ----------
    topic : str
        What it is about, in the instructor's words; may be shown to the student.
    points : float
        What it is worth.
    passed : bool
        Whether its checks held.
    message : str
        What was expected and what came instead. May hold text of the student's.
    hidden : bool
        Whether it belongs to the hidden tests, so that only its topic may be shown.
    """

    topic: str
    points: float
    passed: bool
    message: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the tests of one cell said.

    Parameters
    ----------
    parts : tuple of Part
        Its parts, in order; none for a plain test.
    failure : str
        What ended the cell before its last line, or nothing.
    hidden : bool
        Whether that came from a hidden test.
    score : float
        Points earned, from 0 to what the cell is worth.
    """

    parts: tuple[Part, ...] = ()
    failure: str = ""
    hidden: bool = False
    score: float = 0.0

    def attach(self, cell: NotebookNode) -> None:
        """Write the verdict into the metadata of the cell that it is about."""
        cell.metadata[KEY] = asdict(self) | {"parts": [asdict(part) for part in self.parts]}


def is_tests(cell: NotebookNode) -> bool:
    """Whether a cell holds tests, which give points by themselves."""
    said = cell.metadata.get("nbgrader")
    return isinstance(said, Mapping) and bool(said.get("grade")) and not said.get("solution")


def of(cell: NotebookNode) -> Verdict:
    """Read the verdict from the metadata of a cell of tests; an empty one if there is none."""
    said: dict[str, Any] = dict(cell.metadata.get(KEY, {}))
    parts = tuple(Part(**part) for part in said.pop("parts", ()))
    return Verdict(parts=parts, **said)


def hidden_lines(source: str) -> set[int]:
    """Return the numbers, from 1, of the lines of a cell of tests that students must not see."""
    lines, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        mark = _HIDDEN.search(line)
        if mark:
            inside = mark[1] == "BEGIN"
        if mark or inside:
            lines.add(number)
    return lines
