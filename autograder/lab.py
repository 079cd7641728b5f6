"""A lab's source: a percent script whose cells say in a few words what they are.

The format is described in ``CONTRIBUTING.md``. This module reads it and refuses what is wrong, with file, line
and cell; :mod:`autograder.expand` turns what it read into a notebook.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeGuard

import jupytext
import yaml

from autograder.errors import CourseError, nearest
from autograder.limits import Limits
from autograder.syntax import bound

Role = Literal["exercise", "tests", "essay", "parameters", "plain"]

#: Blocks that a student must not see, with the role of the cells that may hold them.
SECRET_BLOCKS: dict[str, tuple[Role, ...]] = {
    "SOLUTION": ("exercise", "essay"),
    "HIDDEN TESTS": ("tests",),
    "MARK SCHEME": ("essay",),
}

_MARKER = re.compile(r"^# %%( |$)", re.MULTILINE)
_ANY_MARK = re.compile(r"\b(BEGIN|END) ([A-Z]+(?: [A-Z]+)*)")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEADER_KEYS = ("title", "objectives", "minutes", "data")
_ROLE_KEYS: tuple[Role, ...] = ("exercise", "tests", "essay")
_CELL_KEYS = (*_ROLE_KEYS, "points", "inside", "tags", "alt", "caption")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a source, and where."""

    path: str
    line: int
    cell: int | None
    message: str

    def __str__(self) -> str:
        cell = f" (cell {self.cell})" if self.cell is not None else ""
        return f"{self.path}:{self.line}{cell}: {self.message}"


class LabError(CourseError):
    """A lab's source is wrong. Carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Header:
    """What a notebook says of itself.

    Parameters
    ----------
    title : str
        The title of the page.
    objectives : tuple of str
        Ids of learning objectives in ``book/objectives.yml``.
    minutes : int
        How long a student needs, more than 0.
    data : tuple of str
        Names of the data sets used; each has a data card.
    limits : Limits
        What a submission may use while it is graded.
    keep : tuple of str
        Patterns of the files that a submission leaves and that are to be kept, such as ``*.csv``.
    """

    title: str
    objectives: tuple[str, ...]
    minutes: int
    data: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One cell of a source.

    Parameters
    ----------
    number, line : int
        Where it stands: the how-manieth cell, and the line of its ``# %%``, both counted from 1.
    kind : {'code', 'markdown'}
        What it holds.
    role : str
        What it is for.
    name : str
        The name of its exercise or essay, empty for others.
    source : str
        Its text, instructor's version.
    points : float
        What it is worth; 0 if it is not graded.
    metadata : dict
        What else its marker says: ``tags``, ``alt``, ``caption``, ``inside``.
    """

    number: int
    line: int
    kind: str
    role: Role
    name: str
    source: str
    points: float
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Notebook:
    """A source that has been read and found right."""

    path: Path
    text: str
    header: Header
    cells: tuple[Cell, ...]
    language: dict[str, Any]


def read(
    path: Path,
    name: str | None = None,
    objectives: Collection[str] | None = None,
    data: Collection[str] | None = None,
) -> Notebook:
    """Read a source.

    Parameters
    ----------
    path : Path
        The percent script.
    name : str, optional
        How to call it in messages; the path by default.
    objectives, data : collection of str, optional
        The learning objectives and the data sets that exist; any are taken by default.

    Raises
    ------
    LabError
        If anything is wrong with it. Every problem is listed.
    """
    text = path.read_text(encoding="utf-8")
    return _Reader(path, name or str(path), text, objectives, data).notebook()


def secrets(cell: Cell) -> list[str]:
    """Return the text of each block of a cell that a student must not see."""
    return [text for block in SECRET_BLOCKS if (text := only(block, cell.source))]


def without(block: str, source: str) -> str:
    """Return a cell's text without the blocks of a name and their marks."""
    lines = source.split("\n")
    for first, last in reversed(list(_spans(lines, block))):
        del lines[first - 1 : last + 1]
    return "\n".join(lines)


def only(block: str, source: str) -> str:
    """Return what stands in the blocks of a name, without the marks."""
    lines = source.split("\n")
    return "\n".join("\n".join(lines[first:last]) for first, last in _spans(lines, block))


def _spans(lines: list[str], block: str) -> Iterator[tuple[int, int]]:
    """Yield first and one-past-last line index of what stands between the marks of a block, which must balance."""
    opened: int | None = None
    for index, line in enumerate(lines):
        if f"BEGIN {block}" in line:
            opened = index + 1
        elif f"END {block}" in line and opened is not None:
            yield opened, index
            opened = None


class _Reader:
    """Reads one source and collects its problems."""

    def __init__(
        self, path: Path, name: str, text: str, objectives: Collection[str] | None, data: Collection[str] | None
    ) -> None:
        self.path, self.name, self.text = path, name, text
        self.objectives, self.data = objectives, data
        self.problems: list[Problem] = []

    def complain(self, message: str, line: int = 1, cell: int | None = None) -> None:
        self.problems.append(Problem(self.name, line, cell, message))

    def notebook(self) -> Notebook:
        try:
            parsed = jupytext.reads(self.text, fmt="py:percent")
        except (ValueError, yaml.YAMLError) as error:
            self.complain(f"this is not a percent script: {error}.")
            raise LabError(self.problems) from error
        cells = list(parsed.cells)
        header = self.header(cells.pop(0).source if cells and cells[0].cell_type == "raw" else "")
        cells = self.cells(cells)
        self.check(cells)
        if self.problems:
            raise LabError(sorted(self.problems, key=lambda problem: problem.line))
        language = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
        return Notebook(self.path, self.text, header, tuple(cells), language)

    def header(self, source: str) -> Header:
        try:
            said = yaml.safe_load(source.strip().strip("-")) or {}
        except yaml.YAMLError as error:
            self.complain(f"the header is not YAML: {error}.")
            return Header("", (), 0, ())
        limits = self.limits(said.pop("limits", {}))
        keep = said.pop("keep", [])
        if not isinstance(keep, list) or not all(isinstance(pattern, str) for pattern in keep):
            self.complain('keep: expected a list of patterns, such as ["*.csv"].')
            keep = []
        for key in said:
            if key not in _HEADER_KEYS:
                self.complain(f"the header says '{key}', which means nothing here.{nearest(key, _HEADER_KEYS)}")
        for key, wanted in zip(_HEADER_KEYS, (str, list, int, list), strict=True):
            if not isinstance(said.get(key), wanted) or (key != "data" and not said[key]):
                what = {str: "a text", list: "a list", int: "a whole number more than 0"}[wanted]
                self.complain(f"the header must give '{key}', {what}: see the head of another lab.")
                said[key] = wanted()
        self.check_known(said["objectives"], self.objectives, "there is no objective '{}' in book/objectives.yml.")
        self.check_known(said["data"], self.data, "the data set '{}' has no data card in labs/clinic/cards.")
        return Header(
            said["title"], tuple(said["objectives"]), said["minutes"], tuple(said["data"]), limits, tuple(keep)
        )

    def limits(self, said: object) -> Limits:
        try:
            return Limits.of(said)
        except ValueError as error:
            self.complain(str(error))
            return Limits()

    def check_known(self, names: list[str], known: Collection[str] | None, message: str) -> None:
        for name in names:
            if known is not None and name not in known:
                self.complain(message.format(name) + nearest(str(name), known))

    def cells(self, parsed: list[Any]) -> list[Cell]:
        lines = [self.text.count("\n", 0, match.start()) + 1 for match in _MARKER.finditer(self.text)]
        if len(lines) != len(parsed):
            self.complain(
                f"{len(lines)} lines start a cell with '# %%' but {len(parsed)} cells were read: "
                "text stands before the first cell, or a '# %%' inside a string."
            )
            return []
        pairs = zip(lines, parsed, strict=True)
        return [self.cell(number, line, cell) for number, (line, cell) in enumerate(pairs, 1)]

    def cell(self, number: int, line: int, parsed: Any) -> Cell:
        said = {key: value for key, value in parsed.metadata.items() if key != "lines_to_next_cell"}
        if "incorrectly_encoded_metadata" in said:
            text = said.pop("incorrectly_encoded_metadata")
            self.complain(f"can't read '{text}': write key=\"text\" or key=number after '# %%'.", line, number)
        for key in said:
            if key not in _CELL_KEYS:
                self.complain(f"'{key}' means nothing here.{nearest(key, _CELL_KEYS)}", line, number)
        roles = [role for role in _ROLE_KEYS if role in said]
        if len(roles) > 1:
            self.complain(f"a cell can't be both {roles[0]} and {roles[1]}: make two cells of it.", line, number)
        role: Role = roles[0] if roles else "plain"
        if "parameters" in said.get("tags", []):
            role = "parameters"
        name = str(said.get(role, ""))
        if roles and not _NAME.fullmatch(name):
            self.complain(f'{role}="{name}" is no name: use small letters, digits and hyphens.', line, number)
        wanted = "markdown" if role == "essay" else "code"
        if role != "plain" and parsed.cell_type != wanted:
            self.complain(f"a cell of {role} must be {wanted}, this one is {parsed.cell_type}.", line, number)
        points = self.points(said.get("points"), role, line, number)
        self.marks(parsed.source, role, line, number)
        rest = {key: said[key] for key in ("tags", "alt", "caption", "inside") if key in said}
        if "inside" in said and (role != "tests" or said["inside"] is not True):
            self.complain("inside=true belongs to a cell of tests=.", line, number)
        if "inside" in said and "BEGIN HIDDEN TESTS" in parsed.source:
            message = "tests that run inside the student's process can't be hidden from it: take the marks out."
            self.complain(message, line, number)
        if ("alt" in rest) != ("caption" in rest):
            self.complain("a figure needs both alt= and caption=.", line, number)
        return Cell(number, line, parsed.cell_type, role, name, parsed.source, points, rest)

    def points(self, said: object, role: Role, line: int, number: int) -> float:
        graded = role in ("tests", "essay")
        if not graded and said is not None:
            self.complain("points= belongs to a cell of tests= or essay=.", line, number)
        if not graded:
            return 0.0
        if isinstance(said, bool) or not isinstance(said, int | float) or said <= 0:
            given = "no points" if said is None else f"points={said!r}"
            self.complain(f"a graded cell, but it gives {given}: say points= with a number more than 0.", line, number)
            return 0.0
        return float(said)

    def marks(self, source: str, role: Role, line: int, number: int) -> None:
        """Check that BEGIN and END marks balance and stand where they may."""
        opened: tuple[str, int] | None = None
        for offset, text in enumerate(source.split("\n"), 1):
            mark = _ANY_MARK.search(text) if text.lstrip().startswith("#") else None
            if mark is None:
                continue
            edge, block, here = mark[1], mark[2], line + offset
            if block not in SECRET_BLOCKS:
                known = ", ".join(SECRET_BLOCKS)
                self.complain(f"'{edge} {block}' is no mark of a lab: there are {known}.", here, number)
            elif role not in SECRET_BLOCKS[block]:
                where = " or ".join(f"{role}=" for role in SECRET_BLOCKS[block])
                self.complain(f"'{edge} {block}' may only stand in a cell of {where}.", here, number)
            elif edge == "BEGIN" and opened:
                self.complain(f"'BEGIN {block}' before the end of '{opened[0]}' of line {opened[1]}.", here, number)
            elif edge == "BEGIN":
                opened = (block, here)
            elif not opened or opened[0] != block:
                self.complain(f"'END {block}' without its BEGIN.", here, number)
            else:
                opened = None
        if opened:
            self.complain(f"'BEGIN {opened[0]}' without its END.", opened[1], number)

    def check(self, cells: list[Cell]) -> None:
        """Check what concerns more than one cell."""
        parameters = [cell for cell in cells if cell.role == "parameters"]
        if not parameters:
            self.complain('no parameters cell: add one, # %% tags=["parameters"], that sets profile and device.')
        for cell in parameters[1:]:
            self.complain("a second parameters cell: keep one.", cell.line, cell.number)
        for cell in parameters[:1]:
            for name in ("profile", "device"):
                if not re.search(rf"^{name} *=", cell.source, re.MULTILINE):
                    self.complain(f"the parameters cell must set '{name}'.", cell.line, cell.number)
        self.check_names(cells)
        taken = {name for cell in cells if cell.role == "exercise" for name in _assigned(cell.source)}
        for cell in cells:
            if cell.role in ("exercise", "essay") and "BEGIN SOLUTION" not in cell.source:
                self.complain("no ### BEGIN SOLUTION … ### END SOLUTION in this cell.", cell.line, cell.number)
            if cell.role == "tests":
                self.check_parts(cell)
            if cell.role == "tests" and "inside" not in cell.metadata:
                self.check_trust(cell, taken)

    def check_names(self, cells: list[Cell]) -> None:
        seen: set[str] = set()
        for cell in cells:
            if cell.role in ("exercise", "essay"):
                if cell.name in seen:
                    self.complain(f"a second exercise or essay is named '{cell.name}'.", cell.line, cell.number)
                seen.add(cell.name)
        exercises = [cell for cell in cells if cell.role == "exercise"]
        tests = Counter(cell.name for cell in cells if cell.role == "tests")
        before: set[str] = set()
        for cell in cells:
            if cell.role == "exercise":
                before.add(cell.name)
            elif cell.role == "tests" and cell.name not in before:
                hint = nearest(cell.name, (exercise.name for exercise in exercises))
                message = f"tests of '{cell.name}', but no exercise of that name before.{hint}"
                self.complain(message, cell.line, cell.number)
            elif cell.role == "tests" and tests[cell.name] > 1:
                self.complain(f"'{cell.name}' has more than one cell of tests: join them.", cell.line, cell.number)
                tests[cell.name] = 1
        for cell in exercises:
            if not tests[cell.name]:
                self.complain(f"exercise '{cell.name}' has no tests.", cell.line, cell.number)

    def check_trust(self, cell: Cell, taken: set[str]) -> None:
        """Check that tests take nothing from the student but what the exercises ask her for.

        Whatever else a test names but doesn't define would be hers to replace, the library of checks included.
        """
        for name in sorted(_free(cell.source) - taken):
            self.complain(
                f"the tests use '{name}', which neither they nor an exercise define: import or compute it in the "
                "tests, or a student could put something else in its place.",
                cell.line,
                cell.number,
            )
        for name in sorted(bound(cell.source) & taken):
            self.complain(
                f"the tests give '{name}' a value, and an exercise asks the student for it: use another name in the "
                "tests, or they would test their own.",
                cell.line,
                cell.number,
            )

    def check_parts(self, cell: Cell) -> None:
        """Check that the parts of a test cell add up to its points."""
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            self.complain(f"syntax error: {error.msg}.", cell.line + (error.lineno or 0), cell.number)
            return
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        parts = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "part"]
        worth = [call.args[0].value for call in parts if call.args and isinstance(call.args[0], ast.Constant)]
        numbers = [value for value in worth if isinstance(value, int | float)]
        if parts and len(numbers) == len(parts) and abs(sum(numbers) - cell.points) > 1e-9:
            message = f"the parts add up to {sum(numbers):g} points, the cell gives {cell.points:g}."
            self.complain(message, cell.line, cell.number)


def _assigned(source: str) -> set[str]:
    """Return the names that a cell defines or assigns on its outermost level; what it only imports doesn't count."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif not isinstance(statement, ast.Import | ast.ImportFrom):
            names |= {node.id for node in ast.walk(statement) if _stores(node)}
    return names


_NAMING = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler


def _free(source: str) -> set[str]:
    """Return the names that a cell uses and nowhere defines, built-in ones left out."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return set()
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    defined = {node.id for node in nodes if _stores(node)} | {node.arg for node in nodes if isinstance(node, ast.arg)}
    defined |= {str(node.name) for node in nodes if isinstance(node, _NAMING) and node.name}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            defined |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return used - defined - set(dir(builtins))


def _stores(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
