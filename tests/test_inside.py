"""Tests that look inside a student's process, and those who try to deceive them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import cli, inside, log
from autograder.course import Course
from tests.hostile.conftest import hand_in, make_course

SOURCE = """\
# ---
# title: A plot
# objectives: [counting]
# minutes: 5
# data: []
# ---

# %% tags=["parameters"]
profile = "quick"
device = "auto"

# %%
import matplotlib.pyplot as plt
import numpy as np

# %% exercise="plot"
### BEGIN SOLUTION
figure, axes = plt.subplots()
axes.plot([1, 2, 3])
axes.set_xlabel("age")
### END SOLUTION

# %% tests="plot" points=3 inside=true
from autograder import checks

marks = checks.Marks()
with marks.part(1, "a line of three points"):
    (line,) = axes.get_lines()
    np.testing.assert_allclose(line.get_ydata(), [1, 2, 3])
with marks.part(1, "the label"):
    checks.equal(axes.get_xlabel(), "age")
with marks.part(1, "the same, plainly"):
    assert axes.get_xlabel() == "age"
marks.total()
"""
WRONG = "figure, axes = plt.subplots()\naxes.plot([1, 2, 4])\naxes.set_xlabel('weight')\n"
STUDENTS = {
    "right": ("figure, axes = plt.subplots()\naxes.plot([1, 2, 3])\naxes.set_xlabel('age')", 3, ""),
    "wrong": (WRONG, 0, ""),
    "nothing": ("pass", 0, ""),
    "patched checks": (WRONG + "from autograder import checks\nchecks.equal = lambda *_: None\nchecks.CheckError = ZeroDivisionError", 0, "replaced"),
    "patched numpy": (WRONG + "np.testing.assert_allclose = lambda *_, **__: None", 0, "replaced numpy.testing.assert_allclose"),
    "patched built-ins": (WRONG + "import builtins\nbuiltins.isinstance = lambda *_: True\nbuiltins.abs = lambda _: -1", 0, "imports builtins"),
    "stripped asserts": (
        WRONG + "import ast\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, node):\n        return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Strip())",
        0,
        "AST transformers",
    ),
    "a label that lies": (
        WRONG + "class Any(str):\n    def __eq__(self, other):\n        return True\n    __hash__ = str.__hash__\n"
        "axes.xaxis.label._text = Any('weight')",
        1,  # checks.equal believes it: what looks inside is weaker, and the evidence says so
        "always answers True",
    ),
    "patched in place": (WRONG + "np.testing.assert_allclose.__code__ = (lambda *_, **__: None).__code__", 0, "names __code__"),
    "a trace": (WRONG + "import sys\nsys.settrace(lambda *_: None)", 0, "trace"),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("inside") / "course")
    (course.root / "labs" / "plot").mkdir()
    (course.root / "labs" / "plot" / "index.md").write_text("# A plot\n", "utf-8")
    (course.root / "labs" / "plot" / "plot.py").write_text(SOURCE, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_ROOT", str(course.root))
        done = CliRunner().invoke(cli.app, ["release", "plot"])
        assert done.exit_code == 0, done.exception
        release = (course.grading / "release" / "plot" / "plot.ipynb").read_bytes()
        for student, (answer, _, _) in STUDENTS.items():
            notebook = json.loads(release)
            for cell in notebook["cells"]:
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == "plot":
                    cell["source"] = answer
            hand_in(course, student, json.dumps(notebook).encode(), "plot.ipynb", "plot")
        done = CliRunner().invoke(cli.app, ["grade", "plot"])
        assert done.exit_code == 0, done.output
    return course


@pytest.mark.parametrize("student", STUDENTS)
def test_what_is_inside_is_judged(graded: Course, student: str) -> None:
    _, points, trace = STUDENTS[student]
    entry = log.latest(graded, "plot")[student]
    assert entry.scores == {"plot/plot-tests": points}
    assert trace in "\n".join(entry.evidence)
    assert bool(entry.evidence) == bool(trace)


def test_every_canary_fails_where_nothing_was_replaced() -> None:
    for canary in inside.CANARIES:
        with pytest.raises(AssertionError):
            exec(canary, {})


def test_a_comparison_must_not_hold_both_ways() -> None:
    both = type("Both", (), {"__eq__": lambda *_: True, "__ne__": lambda *_: True})()
    source = inside.doubted("assert x == 1\nassert 1 < 2, 'message'\nassert y")
    exec(source, {"x": 1, "y": True})
    with pytest.raises(AssertionError, match="opposite"):
        exec(source, {"x": both, "y": True})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('points=3 inside=true', 'points=3 inside="yes"', "inside=true belongs to a cell of tests="),
        ('exercise="plot"', 'exercise="plot" inside=true', "inside=true belongs to a cell of tests="),
        ("marks.total()", "### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS", "can't be hidden from it"),
    ],
)  # fmt: skip
def test_a_lab_that_marks_it_wrongly_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    from autograder import lab

    (tmp_path / "plot.py").write_text(SOURCE.replace(old, new, 1), "utf-8")
    with pytest.raises(lab.LabError, match=said):
        lab.read(tmp_path / "plot.py")
