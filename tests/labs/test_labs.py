"""Every lab: right answers get full points, no answers get none, plausible wrong ones lose what they should."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from autograder import lab
from autograder.course import Course
from tests.conftest import ROOT

COURSE = Course(ROOT)
NOTEBOOKS = [COURSE.name(source) for sources in COURSE.labs.values() for source in sources]
WRONG = sorted((ROOT / "tests" / "labs").glob("*/wrong/*.py"))
STUB = "raise NotImplementedError()"


def notebook(name: str) -> lab.Notebook:
    return COURSE.read(COURSE.notebook(name))


def execute(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line, if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


def points(cell: lab.Cell, names: dict[str, Any]) -> float:
    """Return what a cell of tests gives, by nbgrader's rules: a number counts, silence is full, an error is nothing."""
    try:
        value = execute(cell.source, names)
    except Exception:
        return 0.0
    return cell.points if value is None else float(value)


@cache
def played(name: str) -> tuple[dict[str, float], dict[str, Any]]:
    """Run the instructor's version once; return the points of each exercise, and the names that are left."""
    mpl.use("Agg")
    names: dict[str, Any] = {"__name__": "__main__"}
    earned: dict[str, float] = {}
    for cell in notebook(name).cells:
        if cell.role == "tests":
            earned[cell.name] = points(cell, names)
        elif cell.kind == "code":
            execute(cell.source, names)
    return earned, names


def answered(name: str, exercise: str, answer: str) -> float:
    """Return the points of one exercise with another answer in place of the solution."""
    cells = {(cell.role, cell.name): cell for cell in notebook(name).cells}
    source = cells["exercise", exercise].source
    lines = source.split("\n")
    first = next(index for index, line in enumerate(lines) if "BEGIN SOLUTION" in line)
    last = next(index for index, line in enumerate(lines) if "END SOLUTION" in line)
    indent = re.match(" *", lines[first])[0] if answer == STUB else ""  # type: ignore[index]
    names = {key: value for key, value in played(name)[1].items() if key not in defined(source)}
    try:
        execute("\n".join([*lines[:first], indent + answer, *lines[last + 1 :]]), names)
    except NotImplementedError:
        assert answer == STUB
    return points(cells["tests", exercise], names)


def defined(source: str) -> set[str]:
    tree = ast.parse(source)
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return functions | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def exercises(name: str) -> dict[str, float]:
    return {cell.name: cell.points for cell in notebook(name).cells if cell.role == "tests"}


def index(lab_name: str) -> str:
    return (ROOT / "labs" / lab_name / "index.md").read_text("utf-8")


def announced(name: str) -> list[tuple[str, str, str]]:
    """Return what the text says of each exercise and essay: which of the two, its number if it has one, its points."""
    texts = "\n".join(cell.source for cell in notebook(name).cells if cell.kind == "markdown")
    return re.findall(r"^\*\*(Exercise|Essay) ?(\d*) \((\d+) points?[,)]", texts, re.MULTILINE)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_right_answers_get_full_points(name: str) -> None:
    assert played(name)[0] == exercises(name)


@pytest.mark.parametrize("lab_name", COURSE.labs)
def test_a_lab_has_six_to_twelve_exercises_and_an_essay(lab_name: str) -> None:
    names = [name for name in NOTEBOOKS if name.startswith(f"{lab_name}/")]
    assert 6 <= sum(len(exercises(name)) for name in names) <= 12
    assert any(cell.role == "essay" for name in names for cell in notebook(name).cells)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_text_of_an_exercise_gives_the_points_that_its_cell_gives(name: str) -> None:
    graded = {"tests": "Exercise", "essay": "Essay"}
    given = [(graded[cell.role], cell.points) for cell in notebook(name).cells if cell.role in graded]
    assert given == [(kind, float(worth)) for kind, _, worth in announced(name)]
    numbers = [int(number) for kind, number, _ in announced(name) if kind == "Exercise"]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@pytest.mark.parametrize("lab_name", COURSE.labs)
def test_the_page_of_a_lab_counts_no_exercises_or_points_itself(lab_name: str) -> None:
    number = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    assert re.findall(rf"\b{number}(?: more)? (?:exercises?|points?)\b", index(lab_name)) == []


@pytest.mark.parametrize("lab_name", COURSE.labs)
def test_the_exercises_that_the_page_of_a_lab_names_are_there(lab_name: str) -> None:
    names = [name for name in NOTEBOOKS if name.startswith(f"{lab_name}/")]
    there = {number for name in names for _, number, _ in announced(name)}
    named = re.findall(r"[Ee]xercises? (\d+(?:(?:, | and | to )\d+)*)", index(lab_name))
    assert set(re.findall(r"\d+", " ".join(named))) <= there


@pytest.mark.parametrize(
    ("call", "card"),
    [
        ("language.load(", "minilm"),
        ("mri.deep_brain_mask(", "deepbet"),
        ("pretrained.load_lite0(", "efficientnet-lite0"),
    ],
)
def test_a_notebook_with_a_trained_model_names_its_card(call: str, card: str) -> None:
    users = [name for name in NOTEBOOKS if call in notebook(name).text]
    assert users
    assert [name for name in users if card not in notebook(name).header.data] == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_one_sitting_of_one_to_two_hours(name: str) -> None:
    assert 60 <= notebook(name).header.minutes <= 120


@pytest.mark.parametrize(("name", "exercise"), [(name, one) for name in NOTEBOOKS for one in exercises(name)])
def test_no_answer_gets_no_points(name: str, exercise: str) -> None:
    assert answered(name, exercise, STUB) == 0


@pytest.mark.parametrize("path", WRONG, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_wrong_answer_loses_what_it_should(path: Path) -> None:
    names = [name for name in NOTEBOOKS if name.startswith(f"{path.parent.parent.name}/")]
    matches = [(name, one) for name in names for one in exercises(name) if path.stem.startswith(f"{one}-")]
    name, exercise = max(matches, key=lambda match: len(match[1]))
    loses = re.match(r"# loses: ([\d.]+)\n", path.read_text("utf-8"))
    assert loses, "the first line says what the answer loses: # loses: N"
    assert exercises(name)[exercise] - answered(name, exercise, path.read_text("utf-8")) == float(loses[1])


@pytest.mark.parametrize(("name", "exercise"), [(name, one) for name in NOTEBOOKS for one in exercises(name)])
def test_every_exercise_has_two_wrong_answers_to_refuse(name: str, exercise: str) -> None:
    folder = ROOT / "tests" / "labs" / name.partition("/")[0] / "wrong"
    assert len(list(folder.glob(f"{exercise}-*.py"))) >= 2


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_test_cell_has_a_visible_and_a_hidden_part(name: str) -> None:
    for cell in notebook(name).cells:
        if cell.role == "tests":
            assert lab.secrets(cell), cell.name
            assert "checks." in lab.without("HIDDEN TESTS", cell.source).replace("checks.Marks", ""), cell.name
