"""A lecture page with code cells: MyST Markdown that says ``file_format: mystnb`` in its head."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import jupytext

from autograder.errors import nearest
from autograder.lab import Cell, Header, LabError, Notebook, Problem, Role

_HEAD = re.compile(r"\A---\n(?:.*\n)*?file_format: *mystnb *\n(?:.*\n)*?---\n")


def has_code(path: Path) -> bool:
    """Say whether a Markdown file is a lecture that runs."""
    return bool(_HEAD.match(path.read_text(encoding="utf-8")))


def read(path: Path, name: str, data: Collection[str]) -> Notebook:
    """Read a lecture that runs.

    Parameters
    ----------
    path : Path
        The Markdown file.
    name : str
        How to call it in messages.
    data : collection of str
        The data sets that have a card.

    Raises
    ------
    LabError
        If it has no cell of parameters, or more than one, or uses a data set without a card.
    """
    text = path.read_text(encoding="utf-8")
    parsed = jupytext.reads(text, fmt="md:myst")
    problems = []
    used = tuple(parsed.metadata.get("data", ()))
    for one in used:
        if one not in data:
            hint = nearest(str(one), data)
            message = f"the data set '{one}' has no data card in labs/clinic/cards.{hint}"
            problems.append(Problem(name, 1, None, message))
    cells = []
    for number, cell in enumerate(parsed.cells, 1):
        role: Role = "parameters" if "parameters" in cell.metadata.get("tags", []) else "plain"
        cells.append(Cell(number, 1, cell.cell_type, role, "", cell.source, 0.0, dict(cell.metadata)))
    if sum(cell.role == "parameters" for cell in cells) != 1:
        problems.append(Problem(name, 1, None, "exactly one code cell must carry the tag parameters."))
    if problems:
        raise LabError(problems)
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return Notebook(path, text, Header("", (), 0, used), tuple(cells), kernel)
