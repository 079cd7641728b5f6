"""Running notebooks: what is kept, what runs again, and what failing looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import run
from autograder.course import Course
from autograder.errors import CourseError
from autograder.key import helpers, run_key
from tests.conftest import ROOT, Command


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_what_has_not_changed_is_not_run_again(course: Course, command: Command) -> None:
    assert "run" in command("course", "run").stdout.split()
    assert "unchanged" in command("course", "run", "first").stdout
    append(course.notebook("tiny/first"), "\n# %% [markdown]\n# One more thought.\n")
    assert "unchanged" not in command("course", "run").stdout


def test_a_failed_run_is_reported_and_never_kept(course: Course, command: Command) -> None:
    append(course.notebook("tiny/first"), '\n# %%\nraise RuntimeError("the scanner is on fire")\n')
    for _ in range(2):
        done = command("course", "run", code=1)
        assert "tiny/first failed: RuntimeError: the scanner is on fire" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_parameters_reach_the_notebook(course: Course, command: Command) -> None:
    append(course.notebook("tiny/first"), '\n# %%\nassert (profile, device) == ("full", "cpu")\n')
    command("course", "run", "tiny/first", "--profile", "full", "--device", "cpu")
    assert "failed" in command("course", "run", "tiny/first", "--device", "cpu", code=1).stdout


def test_cuda_is_refused_where_there_is_none(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "cuda_device", lambda: "")
    assert run.resolve_device("auto") == "cpu"
    with pytest.raises(CourseError, match="no CUDA device"):
        run.run(course, course.notebooks(), device="cuda")


def test_the_key_covers_all_that_a_run_depends_on(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    source = course.notebook("tiny/first")

    def key(profile: str = "quick", device: str = "cpu") -> str:
        return run_key(Course(course.root).read(source), Course(course.root), profile, device)

    keys = [key(), key(profile="full"), key(device="cuda")]
    append(source, "\n# %%\nimport helper\n")
    keys.append(key())
    (course.root / "labs" / "helper.py").write_text("from deeper import x\n", "utf-8")
    keys.append(key())
    (course.root / "labs" / "deeper.py").write_text("x = 1\n", "utf-8")
    keys.append(key())
    append(course.root / "labs" / "deeper.py", "y = 2\n")
    keys.append(key())
    append(course.lock, "moon==1\n")
    keys.append(key())
    cards = course.root / "labs" / "clinic" / "cards"
    cards.mkdir(parents=True)
    (cards / "rocks.yml").write_text("sha256: 1\n", "utf-8")
    source.write_text(source.read_text("utf-8").replace("data: []", "data: [rocks]"), "utf-8")
    keys.append(key())
    (cards / "rocks.yml").write_text("sha256: 2\n", "utf-8")
    keys.append(key())
    monkeypatch.setattr("autograder.key.platform.python_version", lambda: "3.99")
    keys.append(key())
    assert len(set(keys)) == len(keys)
    assert key() == key()


def test_the_helpers_of_lab_1_are_found() -> None:
    course = Course(ROOT)
    found = {course.relative(path) for path in helpers(course.read(course.notebook("ml/diagnosis")), course)}
    wanted = {"labs/clinic/__init__.py", "labs/clinic/data.py", "labs/clinic/plot.py", "autograder/checks.py"}
    assert wanted <= found
    assert "autograder/cli.py" not in found


@pytest.mark.parametrize("name", ["tiny/first", "first", "labs/tiny/first.py", "./labs/tiny/first.py"])
def test_a_notebook_goes_by_several_names(course: Course, name: str) -> None:
    assert course.notebook(name).name == "first.py"
    assert course.notebook(str(course.root / "labs" / "tiny" / "first.py")).name == "first.py"
