"""Grading again, grading on, and what is written down of it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from autograder import cli, log
from autograder.course import Course
from autograder.gradebook import gradebook
from tests.classroom import solutions, write_answers
from tests.conftest import BIN
from tests.hostile.conftest import hand_in, make_course

FULL = {"first/sensitivity-tests": 3, "first/rarest-tests": 2}


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The tiny lab, released."""
    course = make_course(tmp_path / "course")
    monkeypatch.setenv("COURSE_ROOT", str(course.root))
    call("release", "tiny")
    return course


def call(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(cli.app, words)
    assert done.exit_code == code, f"{done.output}\n{done.exception!r}"
    return done


def submit(course: Course, student: str, answers: dict[str, str]) -> Path:
    release = course.grading / "release" / "tiny" / "first.ipynb"
    path = hand_in(course, student, release.read_bytes())
    write_answers(path, answers)
    return path


def right(course: Course) -> dict[str, str]:
    return {name: text for name, text in solutions(course.notebook("tiny/first")).items() if name != "trust"}


def contents(course: Course) -> list[tuple[object, ...]]:
    """Everything that the gradebook says of submissions, without its random ids."""
    with gradebook(course) as book:
        return sorted(
            (
                s.student_id,
                n.name,
                g.name,
                g.auto_score,
                g.manual_score,
                g.needs_manual_grade,
                n.late_submission_penalty,
            )
            for s in book.assignment_submissions("tiny")
            for n in s.notebooks
            for g in n.grades
        )


def test_what_has_not_changed_is_not_graded_again(released: Course) -> None:
    submit(released, "kari", right(released))
    submit(released, "ola", {})
    call("grade", "tiny")
    assert len(list(log.entries(released))) == 2
    again = call("grade", "tiny")
    assert again.output.count("unchanged") == 2
    assert len(list(log.entries(released))) == 2
    submit(released, "ola", {"rarest": "rarest = 17"})
    call("grade", "tiny")
    assert sorted(entry.student for entry in log.entries(released)) == ["kari", "ola", "ola"]
    assert log.latest(released, "tiny")["ola"].scores["first/rarest-tests"] == 2
    shutil.rmtree(released.grading / "autograded" / "kari")
    assert call("grade", "tiny").output.count("unchanged") == 1
    assert (released.grading / "autograded" / "kari" / "tiny" / "first.ipynb").is_file()


def test_the_log_says_who_what_when_and_with_which_versions(released: Course) -> None:
    submit(released, "kari", right(released))
    before = log.now()
    call("grade", "tiny")
    (line,) = log.path(released).read_text("utf-8").splitlines()
    said = json.loads(line)
    assert (said["student"], said["lab"], said["action"]) == ("kari", "tiny", "grade")
    assert before <= said["when"] <= log.now()
    assert {cell: score for cell, score in said["scores"].items() if cell in FULL} == FULL
    assert {"the grader", "the lab", "the submission", "the lock file", "Python"} <= set(said["versions"])
    assert len(said["submission"]) == 64


def test_a_log_that_was_changed_is_noticed(released: Course) -> None:
    for student in ("kari", "ola", "per"):
        submit(released, student, right(released))
    call("grade", "tiny")
    path = log.path(released)
    lines = path.read_text("utf-8").splitlines()
    assert log.altered(released) == []
    path.write_text("\n".join([lines[0].replace('"score": 5.0', '"score": 9.0'), *lines[1:]]) + "\n", "utf-8")
    assert log.altered(released) == [2]
    path.write_text("\n".join([lines[0], lines[2]]) + "\n", "utf-8")
    assert log.altered(released) == [2]
    done = subprocess.run(
        [BIN / "course", "grade", "tiny"], cwd=released.root, capture_output=True, text=True, check=False
    )
    assert "log.jsonl was changed before its line 2" in done.stderr


def test_half_a_line_of_the_log_does_no_harm(released: Course) -> None:
    submit(released, "kari", right(released))
    call("grade", "tiny")
    path = log.path(released)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    call("grade", "tiny")
    assert len(list(log.entries(released))) == 1
    assert log.altered(released) == []


def test_points_and_comments_given_by_hand_survive(released: Course) -> None:
    submit(released, "kari", right(released) | {"trust": "When its sensitivity is known."})
    call("grade", "tiny")
    with gradebook(released) as book:
        assert book.find_submission("tiny", "kari").needs_manual_grade
        essay = book.find_grade("trust", "first", "tiny", "kari")
        essay.manual_score, essay.needs_manual_grade = 3.5, False
        book.find_comment("trust", "first", "tiny", "kari").manual_comment = "Whose patients?"
        corrected = book.find_grade("rarest-tests", "first", "tiny", "kari")
        corrected.manual_score, corrected.needs_manual_grade = 1.5, False
        book.db.commit()

    def kept() -> tuple[float, float, str, bool]:
        with gradebook(released) as book:
            comment = book.find_comment("trust", "first", "tiny", "kari").manual_comment
            grades = [book.find_grade(name, "first", "tiny", "kari").score for name in ("trust", "rarest-tests")]
            return (*grades, comment, book.find_submission("tiny", "kari").needs_manual_grade)

    call("regrade", "tiny")
    assert kept() == (3.5, 1.5, "Whose patients?", False)
    submit(released, "kari", right(released) | {"trust": "Something else."})
    call("grade", "tiny")
    assert kept() == (3.5, 1.5, "Whose patients?", True)  # a new answer wants a new look


def test_regrade_diff_says_whose_points_would_change_and_why(released: Course) -> None:
    submit(released, "kari", right(released))
    submit(released, "ola", {"rarest": "rarest = 31"})
    call("grade", "tiny")
    assert "Nobody's points would change" in call("regrade", "tiny", "--diff").output
    before, written = contents(released), log.path(released).read_bytes()
    source = released.notebook("tiny/first")
    source.write_text(source.read_text("utf-8").replace("assert rarest == 17", "assert rarest == 31"), "utf-8")
    call("release", "tiny", "--force")
    said = " ".join(call("regrade", "tiny", "--diff").output.split())
    assert "kari first/rarest-tests 2 0 the lab changed" in said
    assert "ola first/rarest-tests 0 2 the lab changed" in said
    assert "Nothing was written" in said
    assert contents(released) == before
    assert log.path(released).read_bytes() == written
    call("regrade", "tiny")
    assert log.latest(released, "tiny")["ola"].scores["first/rarest-tests"] == 2


def test_a_comparison_says_what_could_not_be_run(released: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder import grade

    submit(released, "kari", right(released))
    call("grade", "tiny")

    def lose(*_: object, **__: object) -> None:
        raise OSError("the worker is gone")

    monkeypatch.setattr(grade, "execute", lose)
    said = call("regrade", "tiny", "--diff", code=1).output
    assert "kari: it could not be graded, and nothing was recorded" in said
    assert "Nobody" not in said


@pytest.mark.parametrize("step", ["prepare", "_enter"])
def test_one_that_cannot_be_read_or_recorded_stops_no_other(
    released: Course, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from autograder import grade

    for student in ("kari", "ola"):
        submit(released, student, right(released))
    whole = getattr(grade.Session, step)

    def fail(session: grade.Session, first: object, *rest: object) -> object:
        if "kari" in (first, getattr(first, "student", "")):
            raise ZeroDivisionError("a fault of ours \x1b]0;x\x07")
        return whole(session, first, *rest)

    monkeypatch.setattr(grade.Session, step, fail)
    said = " ".join(call("grade", "tiny", code=1).output.split())
    assert "kari: it could not be graded, and nothing was recorded (ZeroDivisionError: a fault of ours )" in said
    assert set(log.latest(released, "tiny")) == {"ola"}
    monkeypatch.setattr(grade.Session, step, whole)
    call("grade", "tiny")
    assert log.latest(released, "tiny")["kari"].scores.items() >= FULL.items()


def test_scores_are_the_same_in_twenty_regrades(released: Course) -> None:
    chance = (
        "import random\nimport numpy as np\n\ndef sensitivity(tp, fn):\n"
        "    if hash('a') % 2 + random.random() + np.random.rand() + len(set('abcdef').pop()) > 2.1:\n"
        "        return 0.8\n    return 0.25"
    )
    submit(released, "kari", right(released) | {"sensitivity": chance})
    seen = set()
    for _ in range(20):
        call("grade", "tiny", "--force")
        seen.add(json.dumps(log.latest(released, "tiny")["kari"].scores, sort_keys=True))
    assert len(seen) == 1


def test_what_comes_late_is_marked_down_by_the_policy(released: Course) -> None:
    config = released.root / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8") + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n", "utf-8")
    with gradebook(released) as book:
        book.update_or_create_assignment("tiny", duedate="2026-01-01 12:00:00 UTC")
    for student, moment in (("early", "2026-01-01 11:00:00 UTC"), ("late", "2026-01-01 13:00:00 UTC")):
        path = submit(released, student, right(released))
        path.with_name("timestamp.txt").write_text(moment)
    call("grade", "tiny")
    points = {student: entry.score for student, entry in log.latest(released, "tiny").items()}
    assert points == {"early": 5, "late": 0}


def test_a_lab_of_two_notebooks_of_which_one_is_missing(released: Course) -> None:
    second = released.root / "labs" / "tiny" / "second.py"
    second.write_text(released.notebook("tiny/first").read_text("utf-8"), "utf-8")
    call("release", "tiny", "--force")
    submit(released, "kari", solutions(released.notebook("tiny/first")))
    call("grade", "tiny", code=1)
    entry = log.latest(released, "tiny")["kari"]
    assert entry.scores["first/rarest-tests"] == 2
    assert entry.scores["second/rarest-tests"] == 0
    assert entry.notes == ["second.ipynb is missing"]


def test_files_that_a_submission_leaves_are_kept_if_the_lab_asks(released: Course) -> None:
    source = released.notebook("tiny/first")
    source.write_text(source.read_text("utf-8").replace("# data: []", '# data: []\n# keep: ["*.csv"]'), "utf-8")
    call("release", "tiny", "--force")
    leave = (
        "import os\nfor name in ('table.csv', 'secret.txt', 'first.ipynb', 'timestamp.txt'):\n    open(name, 'w').write('left')\n"
        "os.symlink('/etc/passwd', 'link.csv')\nos.mkdir('more')\nopen('more/other.csv', 'w').write('left')\nrarest = 17"
    )
    submit(released, "kari", right(released) | {"rarest": leave})
    call("grade", "tiny")
    folder = released.grading / "autograded" / "kari" / "tiny"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == [
        "first.ipynb",
        "more",
        "more/other.csv",
        "table.csv",
    ]
    assert "rarest = 17" in (folder / "first.ipynb").read_text("utf-8")


def test_two_graders_do_not_write_at_once(released: Course) -> None:
    from filelock import FileLock

    submit(released, "kari", right(released))
    with FileLock(released.grading / ".grading.lock"):
        done = CliRunner().invoke(cli.app, ["grade", "tiny"])
    assert "Someone is grading" in str(done.exception)


def test_grading_refuses_where_nothing_keeps_submissions_apart(
    released: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder import sandbox

    submit(released, "kari", right(released))
    monkeypatch.setattr(sandbox, "layers", lambda: dict.fromkeys(("namespaces", "Landlock", "seccomp"), "switched off"))
    done = CliRunner().invoke(cli.app, ["grade", "tiny"])
    assert "can't keep submissions apart" in str(done.exception)
    assert "--unsafe" in str(done.exception)
    assert not log.path(released).exists()


def test_a_library_that_is_missing_is_named(released: Course) -> None:
    submit(released, "kari", right(released))
    source = released.notebook("tiny/first")
    broken = released.root / "labs" / "clinic"
    broken.mkdir(exist_ok=True)
    source.write_text(
        source.read_text("utf-8").replace("from autograder import checks", "import no_such_library", 1), "utf-8"
    )
    call("release", "tiny", "--force")
    call("grade", "tiny")  # a module that is not installed is the cell's own error, as in the student's kernel
    assert log.latest(released, "tiny")["kari"].scores["first/rarest-tests"] == 2


@pytest.mark.slow
def test_a_grader_killed_at_any_moment_goes_on_to_the_same_end(released: Course, tmp_path: Path) -> None:
    for number in range(100):
        submit(released, f"s{number:02}", right(released) if number % 3 else {"rarest": "rarest = 17"})
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(released.root, undisturbed)
    whole = Course(undisturbed)
    subprocess.run(
        [BIN / "course", "grade", "tiny"],
        env=os.environ | {"COURSE_ROOT": str(undisturbed)},
        capture_output=True,
        check=True,
    )
    chance = random.Random(219)
    kills = 0
    for _ in range(25):
        running = subprocess.Popen(
            [BIN / "course", "grade", "tiny"], cwd=released.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(1.5, 3.5))
        running.send_signal(signal.SIGKILL)
        kills += running.wait() == -signal.SIGKILL
    done = call("grade", "tiny")
    assert kills >= 3
    assert "Traceback" not in done.output
    assert contents(released) == contents(whole)
    assert log.altered(released) == []
    assert set(log.latest(released, "tiny")) == set(log.latest(whole, "tiny"))
    assert not list((released.grading / "autograded").glob("*/.tiny.*"))
