"""The lab source: what is right is read, what is wrong is named with file, line and cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import lab
from autograder.course import Course
from autograder.expand import expand
from autograder.limits import Limits
from tests.conftest import ROOT

HEADER = """\
# ---
# title: A lab
# objectives: [counting]
# minutes: 5
# data: []
# ---

"""
PARAMETERS = """\
# %% tags=["parameters"]
profile = "quick"
device = "auto"

"""
EXERCISE = """\
# %% exercise="sum"
### BEGIN SOLUTION
total = 2 + 2
### END SOLUTION

"""
TESTS = """\
# %% tests="sum" points=2
assert total
### BEGIN HIDDEN TESTS
assert total == 4
### END HIDDEN TESTS

"""
GOOD = HEADER + PARAMETERS + EXERCISE + TESTS


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "lab.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(lab.LabError) as raised:
        lab.read(path, "labs/x/lab.py")
    return [str(problem) for problem in raised.value.problems]


def test_a_good_lab_is_read(tmp_path: Path) -> None:
    (tmp_path / "lab.py").write_text(GOOD, encoding="utf-8")
    notebook = lab.read(tmp_path / "lab.py")
    assert notebook.header == lab.Header("A lab", ("counting",), 5, ())
    assert [(cell.role, cell.name, cell.points, cell.line) for cell in notebook.cells] == [
        ("parameters", "", 0, 8),
        ("exercise", "sum", 0, 12),
        ("tests", "sum", 2, 17),
    ]
    assert lab.secrets(notebook.cells[1]) == ["total = 2 + 2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(HEADER + PARAMETERS + TESTS, ":12 (cell 2): tests of 'sum', but no exercise", id="no exercise"),
        pytest.param(HEADER + PARAMETERS + TESTS + EXERCISE, ":12 (cell 2): tests of 'sum'", id="exercise after tests"),
        pytest.param(HEADER + PARAMETERS + EXERCISE, ":12 (cell 2): exercise 'sum' has no tests", id="no tests"),
        pytest.param(GOOD + EXERCISE, ":23 (cell 4): a second exercise or essay is named 'sum'", id="two of one name"),
        pytest.param(GOOD + TESTS, "'sum' has more than one cell of tests", id="two tests"),
        pytest.param(
            GOOD.replace(" points=2", ""), ":17 (cell 3): a graded cell, but it gives no points", id="no points"
        ),
        pytest.param(
            GOOD.replace("points=2", "points=0"), ":17 (cell 3): a graded cell, but it gives", id="zero points"
        ),
        pytest.param(GOOD.replace("points=2", "points=two"), ":17 (cell 3): can't read", id="points in words"),
        pytest.param(
            GOOD.replace("### END SOLUTION\n", ""), ":13 (cell 2): 'BEGIN SOLUTION' without its END", id="no END"
        ),
        pytest.param(GOOD.replace("### BEGIN SOLUTION\n", ""), ":14 (cell 2): 'END SOLUTION' without", id="no BEGIN"),
        pytest.param(
            GOOD.replace("### BEGIN SOL", "### BEGIN SOLUTION\n### BEGIN SOL"), ":14 (cell 2)", id="two BEGIN"
        ),
        pytest.param(GOOD.replace("SOLUTION", "SOLUTOIN"), "'BEGIN SOLUTOIN' is no mark of a lab", id="unknown mark"),
        pytest.param(GOOD.replace("HIDDEN TESTS", "SOLUTION"), "may only stand in a cell of exercise=", id="misplaced"),
        pytest.param(HEADER + EXERCISE + TESTS, ":1: no parameters cell", id="no parameters"),
        pytest.param(
            GOOD.replace('device = "auto"\n', ""), "(cell 1): the parameters cell must set 'device'", id="device"
        ),
        pytest.param(GOOD.replace("exercise=", "exercse="), "'exercse' means nothing here. Did you mean", id="typo"),
        pytest.param(GOOD.replace('"sum"', '"Sum it"', 1), "is no name", id="name"),
        pytest.param(GOOD.replace("minutes: 5", "minutes: five"), "must give 'minutes', a whole number", id="minutes"),
        pytest.param(GOOD.replace("# title: A lab\n", ""), "must give 'title'", id="title"),
        pytest.param(GOOD.replace("minutes", "minuts"), "'minuts', which means nothing here. Did you mean", id="key"),
        pytest.param(GOOD.replace("objectives: [counting]", "objectives: [counting"), "not YAML", id="yaml"),
        pytest.param(PARAMETERS + EXERCISE + TESTS, "the header must give 'title'", id="no header"),
        pytest.param(
            GOOD.replace("assert total\n", "with marks.part(1, 'a'):\n    assert total\n"),
            ":17 (cell 3): the parts add up to 1 points, the cell gives 2",
            id="parts",
        ),
        pytest.param(GOOD + '# %% [markdown] essay="why" points=3\n# Why?\n', "no ### BEGIN SOLUTION", id="essay"),
        pytest.param(GOOD + '# %% alt="A curve"\nplot()\n', "a figure needs both alt= and caption=", id="caption"),
        pytest.param(
            GOOD.replace("assert total == 4", "checks.equal(total, 4)"),
            ":17 (cell 3): the tests use 'checks'",
            id="trust",
        ),
        pytest.param(
            GOOD.replace("total = 2", "import math as total\nx = 2"), "the tests use 'total'", id="trust in an import"
        ),
        pytest.param(
            GOOD.replace("assert total\n", "for total in (4,):\n    assert total\n"),
            ":17 (cell 3): the tests give 'total' a value",
            id="trust in themselves",
        ),
        pytest.param(GOOD.replace("# data", "# limits: {secs: 5}\n# data"), "limits: there is no 'secs'", id="limits"),
        pytest.param(
            GOOD.replace("# data", "# limits: {seconds: -5}\n# data"), "'seconds' is a number above 0", id="limit"
        ),
        pytest.param("", "no parameters cell", id="empty"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_cell(tmp_path: Path, text: str, said: str) -> None:
    found = problems(tmp_path, text)
    assert any(said in problem and problem.startswith("labs/x/lab.py:") for problem in found), found


def test_the_header_may_set_limits(tmp_path: Path) -> None:
    text = GOOD.replace("# data", "# limits: {cell_seconds: 120, memory_gb: 8}\n# data")
    (tmp_path / "lab.py").write_text(text, encoding="utf-8")
    assert lab.read(tmp_path / "lab.py").header.limits == Limits(cell_seconds=120, memory_gb=8)


def test_every_problem_is_listed(tmp_path: Path) -> None:
    found = problems(
        tmp_path, GOOD.replace(" points=2", "").replace("### END SOLUTION\n", "").replace("minutes: 5", "")
    )
    assert len(found) == 3


def test_the_command_names_the_problem_and_fails(course: Course, command) -> None:  # type: ignore[no-untyped-def]
    source = course.notebook("tiny/first")
    source.write_text(source.read_text("utf-8").replace('exercise="rarest"', 'exercise="sensitivity"'), "utf-8")
    said = command("course", "run", code=1).stderr
    assert "labs/tiny/first.py:50 (cell 6): a second exercise or essay is named 'sensitivity'" in said
    assert "Traceback" not in said


def test_an_unknown_objective_or_data_set_is_refused(course: Course, command) -> None:  # type: ignore[no-untyped-def]
    source = course.notebook("tiny/first")
    text = source.read_text("utf-8")
    source.write_text(text.replace("objectives: [counting]", "objectives: [countin]"), "utf-8")
    assert (
        "there is no objective 'countin' in book/objectives.yml. Did you mean 'counting'?"
        in command("course", "run", code=1).stderr
    )
    source.write_text(text.replace("data: []", "data: [moon-rocks]"), "utf-8")
    assert "'moon-rocks' has no data card" in command("course", "run", code=1).stderr


def test_the_expanded_notebook_carries_nbgraders_metadata(course: Course) -> None:
    notebook = expand(lab.read(course.notebook("tiny/first")), course)
    graded = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [(cell.grade_id, cell.grade, cell.solution, cell.locked, cell.get("points")) for cell in graded] == [
        ("sensitivity", False, True, False, None),
        ("sensitivity-tests", True, False, True, 3),
        ("rarest", False, True, False, None),
        ("rarest-tests", True, False, True, 2),
        ("trust-question", False, False, True, None),
        ("trust", True, True, False, 4),
    ]
    assert {cell.schema_version for cell in graded} == {3}
    assert notebook == expand(lab.read(course.notebook("tiny/first")), course)


def test_the_first_cell_names_the_data_cards_by_their_titles() -> None:
    course = Course(ROOT)
    first = expand(course.read(course.notebook("ml/screening")), course).cells[0].source
    assert (
        "minutes. What it uses is described on data cards: COVID-19 tests of a children's hospital, 2020; "
        "Indian liver patients (ILPD). After it you can:"
    ) in first
