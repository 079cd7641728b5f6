"""Cells of the lab's own that run once for a class, where that can make no difference."""

from __future__ import annotations

import json

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from typer.testing import CliRunner

from autograder import cli, grade, log
from autograder.course import Course
from autograder.prelude import Lab
from tests.hostile.conftest import hand_in, make_course

RELEASED = [
    new_code_cell("import numpy as np\nrng = np.random.default_rng(1)\ntable = [1, 2, 3]", id="data"),
    new_code_cell("", id="answer", metadata={"nbgrader": {"grade_id": "answer", "solution": True}}),
    new_code_cell("assert answer", id="tests", metadata={"nbgrader": {"grade_id": "tests", "grade": True}}),
    new_code_cell(
        "def mean():\n    return sum(table) / count\ncount = len(table)\nscore = mean() + rng.normal()", id="model"
    ),
]


def submission(answer: str, *more: str) -> list[NotebookNode]:
    data, _, tests, model = RELEASED
    own = new_code_cell(answer, id="answer", metadata=RELEASED[1].metadata)
    extra = [new_code_cell(text, id=f"own-{number}") for number, text in enumerate(more)]
    return [data, own, *extra, tests, model]


@pytest.mark.parametrize(
    "answer",
    [
        "answer = 1",
        "answer = sum(table) + np.mean(table)",
        "def answer():\n    table = []\n    score = 2\n    return table",
        "answer = [score for score in table]",
        "mine = table.copy()\nmine.append(4)\nanswer = len(mine)",
        "this is no Python",
        "from sklearn.linear_model import LogisticRegression\nanswer = LogisticRegression().fit([[0], [1]], [0, 1])",
    ],
)
def test_what_changes_nothing_may_run_later(answer: str) -> None:
    assert Lab(RELEASED).independent(submission(answer)) == ("data", "model")


@pytest.mark.parametrize(
    "answer",
    [
        "table = [4]",
        "table.append(4)",
        "table[0] = 9",
        "table += [4]",
        "del table",
        "import numpy.random as table",
        "def count():\n    return 1",
        "for score in [1]:\n    pass",
        "with open('x') as score:\n    pass",
        "def answer():\n    global table\n    table = []",
        "def answer():\n    table.sort()",
        "rng.normal()",
        "def answer():\n    return rng.normal()",
        "np.random.shuffle(table)",
        "np.add(1, 1, out=table)",
        "np.pi = 3",
        "%reset -f",
        "exec('table = 1')",
        "globals()['table'] = 1",
        "from math import *",
        "(table := 4)",
        pytest.param("deep = " + "+".join("1" * 1500), id="deeper than what reads it goes"),
    ],
)
def test_what_may_change_something_keeps_the_order(answer: str) -> None:
    assert Lab(RELEASED).independent(submission(answer)) == ()


def test_the_labs_own_cells_must_be_as_and_where_they_were() -> None:
    data, answer, tests, model = submission("answer = 1")
    edited = new_code_cell(model.source + "\n# tried this", id="model")
    assert Lab(RELEASED).independent([data, answer, tests, edited]) == ()
    assert Lab(RELEASED).independent([model, answer, tests, data]) == ()
    assert Lab(RELEASED).independent([data, answer, tests]) == ()
    assert Lab(RELEASED).independent([data, answer, model, tests]) == ("data", "model")
    last = new_code_cell("table = []", id="own")
    assert Lab(RELEASED).independent([data, answer, tests, model, last]) == ("data", "model")


SOURCE = """\
# ---
# title: Chance
# objectives: [counting]
# minutes: 5
# data: []
# ---

# %% tags=["parameters"]
profile = "quick"
device = "auto"

# %%
import uuid

token = str(uuid.uuid4())
numbers = list(range(10))

# %% exercise="total"
### BEGIN SOLUTION
total = sum(numbers)
### END SOLUTION

# %% tests="total" points=1
assert total == 45

# %%
print(token)
mean = sum(numbers) / len(numbers)
CELL
# %% exercise="half"
### BEGIN SOLUTION
half = mean / 2
### END SOLUTION

# %% tests="half" points=1
assert half == 2.25
"""


@pytest.mark.parametrize(("cell", "shared"), [("", True), ("open('left', 'w').close()", False), ("1 / 0", False)])
def test_a_class_shares_what_the_lab_itself_computes(tmp_path, monkeypatch, cell: str, shared: bool) -> None:  # type: ignore[no-untyped-def]
    course = make_course(tmp_path / "course")
    monkeypatch.setenv("COURSE_ROOT", str(course.root))
    helper = tmp_path / "helper.py"
    helper.write_text("", "utf-8")
    shown = [*grade.readable(), helper]
    monkeypatch.setattr(grade, "readable", lambda: shown)
    (course.root / "labs" / "chance").mkdir()
    (course.root / "labs" / "chance" / "index.md").write_text("# Chance\n", "utf-8")
    (course.root / "labs" / "chance" / "chance.py").write_text(SOURCE.replace("CELL", cell), "utf-8")
    assert CliRunner().invoke(cli.app, ["release", "chance"]).exit_code == 0
    release = (course.grading / "release" / "chance" / "chance.ipynb").read_bytes()
    answers = {
        "kari": ("total = sum(numbers)", "half = mean / 2"),
        "ola": ("total = 45", "half = 2.25"),
        "eve": ("numbers.pop()\ntotal = 45", "half = mean / 2"),
        "dead": ("import ctypes\nctypes.string_at(0)", "half = mean / 2"),
    }
    for student, (total, half) in answers.items():
        notebook = json.loads(release)
        for given in notebook["cells"]:
            name = given["metadata"].get("nbgrader", {}).get("grade_id")
            given["source"] = {"total": total, "half": half}.get(name, given["source"])
        hand_in(course, student, json.dumps(notebook).encode(), "chance.ipynb", "chance")
    assert CliRunner().invoke(cli.app, ["grade", "chance"]).exit_code == 0
    scores = {student: [*entry.scores.values()] for student, entry in log.latest(course, "chance").items()}
    assert scores == {"kari": [1, 1], "ola": [1, 1], "eve": [1, 0], "dead": [0, 1]}
    tokens = {student: token(course, student) for student in answers}
    assert (tokens["kari"] == tokens["ola"]) is shared
    assert tokens["kari"] != tokens["eve"]
    # Whoever grades again does not wait for the lab's own cells, unless what they use has changed
    assert CliRunner().invoke(cli.app, ["grade", "chance", "--force"]).exit_code == 0
    assert (token(course, "kari") == tokens["kari"]) is shared
    helper.write_text("changed", "utf-8")
    assert CliRunner().invoke(cli.app, ["grade", "chance", "--force"]).exit_code == 0
    assert token(course, "kari") != tokens["kari"]


def token(course: Course, student: str) -> str:
    notebook = json.loads((course.grading / "autograded" / student / "chance" / "chance.ipynb").read_text("utf-8"))
    (printed,) = [o["text"] for c in notebook["cells"] for o in c.get("outputs", []) if o["output_type"] == "stream"]
    return "".join(printed)
