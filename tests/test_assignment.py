"""The life of an assignment, with real nbgrader commands: release, fetch, validate, submit, collect, grade, feedback."""

from __future__ import annotations

import csv
import getpass
import re
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.gradebook import gradebook
from tests.classroom import archive, formgrader, solutions, write_answers
from tests.conftest import Command

ME = getpass.getuser()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A student's own folder, away from the course."""
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def scores(course: Course, lab: str) -> dict[str, dict[str, float]]:
    """Read every student's automatic and manual score from nbgrader's own gradebook."""
    with gradebook(course) as book:
        return {
            submission.student_id: {grade.name: grade.score for book_ in submission.notebooks for grade in book_.grades}
            for submission in book.assignment_submissions(lab)
        }


def test_an_assignment_lives_from_release_to_feedback(course: Course, command: Command, desk: Path) -> None:
    answers = solutions(course.notebook("tiny/first"))

    # the instructor releases; a student elsewhere fetches, works, checks herself and hands in
    assert "nbgrader fetch_assignment tiny" in command("course", "release", "tiny").stdout
    command("nbgrader", "fetch_assignment", "tiny", cwd=desk)
    untouched = (desk / "tiny" / "first.ipynb").read_bytes()
    assert "FAILED ON 3 CELL" in command("nbgrader", "validate", "tiny/first.ipynb", cwd=desk).stdout
    write_answers(desk / "tiny" / "first.ipynb", answers)
    assert "Success" in command("nbgrader", "validate", "tiny/first.ipynb", cwd=desk).stdout
    command("nbgrader", "submit", "tiny", cwd=desk)
    assert ME in command("course", "collect", "tiny").stdout

    # others hand in through the learning platform
    half = {"rarest": answers["rarest"]}
    part = {"sensitivity": "def sensitivity(tp, fn):\n    return tp / (tp + fn)"}
    handed_in = {"101": untouched, "102": _answered(desk, untouched, half), "103": _answered(desk, untouched, part)}
    command("course", "collect", "tiny", "--zip", str(archive(desk / "canvas.zip", handed_in, "first.ipynb")))

    done = command("course", "grade", "tiny")
    assert "points by hand" in done.stdout
    assert "SAWarning" not in done.stderr
    assert scores(course, "tiny") == {
        ME: {"sensitivity-tests": 3, "rarest-tests": 2, "trust": 0},
        "101": {"sensitivity-tests": 0, "rarest-tests": 0, "trust": 0},
        "102": {"sensitivity-tests": 0, "rarest-tests": 2, "trust": 0},
        "103": {"sensitivity-tests": 2, "rarest-tests": 0, "trust": 0},
    }

    # the essay gets points by hand in the formgrader, and a new grading keeps them
    give_points(course, ME, "trust", 3.5, comment="Whose patients?")
    command("course", "grade", "tiny", "--force", "--student", ME)
    assert scores(course, "tiny")[ME] == {"sensitivity-tests": 3, "rarest-tests": 2, "trust": 3.5}

    # feedback goes back, grades go out
    assert "nbgrader fetch_feedback tiny" in command("course", "feedback", "tiny").stdout
    command("nbgrader", "fetch_feedback", "tiny", cwd=desk)
    (page,) = (desk / "tiny" / "feedback").rglob("first.html")
    assert "Whose patients?" in page.read_text(encoding="utf-8")
    command("course", "export", "--to", str(desk / "grades.csv"))
    with (desk / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == {ME: 8.5, "101": 0, "102": 2, "103": 2}


def test_a_release_that_students_may_have_is_not_replaced_unasked(course: Course, command: Command) -> None:
    command("course", "release", "tiny")
    assert "--force" in command("course", "release", "tiny", code=2).stderr
    command("course", "release", "tiny", "--force")


def test_what_cannot_be_graded_is_said_and_stops_nobody(course: Course, command: Command) -> None:
    command("course", "release", "tiny")
    release = course.grading / "release" / "tiny" / "first.ipynb"
    submissions = {
        "broken": ("first.ipynb", b'{"cells": ['),
        "empty": ("first.ipynb", b""),
        "essay": ("essay.txt", b"Here is my answer."),
        "picture": ("first.ipynb", b"\x89PNG\r\n\x1a\n\xff"),
        "renamed": ("frist.ipynb", release.read_bytes()),
        "good": ("first.ipynb", release.read_bytes()),
    }
    for student, (name, content) in submissions.items():
        folder = course.grading / "submitted" / student / "tiny"
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)
    said = command("course", "grade", "tiny", code=1).stderr
    for student, words in {
        "broken": "first.ipynb is not a notebook: it is not JSON",
        "empty": "first.ipynb is empty",
        "essay": "no notebook in it: expected first.ipynb",
        "picture": "first.ipynb is not a text file",
        "renamed": "Rename it to 'first.ipynb'",
    }.items():
        assert re.search(f"^{student}: .*{re.escape(words)}", said, re.MULTILINE), said
    assert "Traceback" not in said
    nothing = {"sensitivity-tests": 0, "rarest-tests": 0, "trust": 0}
    assert scores(course, "tiny") == dict.fromkeys(submissions, nothing)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["release", "tinny"], "Did you mean 'tiny'?"),
        (["grade", "tiny"], "release a lab first"),
        (["run", "tiny/frist"], "Did you mean 'tiny/first'?"),
        (["collect", "tiny", "--zip", "nothing.zip"], "does not exist"),
    ],
)
def test_misuse_is_answered_with_a_sentence(command: Command, words: list[str], said: str) -> None:
    code = 1 if words[0] == "grade" else 2
    stderr = command("course", *words, code=code).stderr
    assert said in " ".join(stderr.split())
    assert "Traceback" not in stderr


def test_an_archive_of_other_files_is_refused(course: Course, command: Command, tmp_path: Path) -> None:
    command("course", "release", "tiny")
    (tmp_path / "text.zip").write_text("no archive", encoding="utf-8")
    assert "not a zip file" in command("course", "collect", "tiny", "--zip", str(tmp_path / "text.zip"), code=2).stderr
    odd = archive(tmp_path / "odd.zip", {"kari": b"x"}, "first.txt")
    assert "named_regexp" in command("course", "collect", "tiny", "--zip", str(odd), code=1).stderr


def _answered(desk: Path, release: bytes, answers: dict[str, str]) -> bytes:
    path = desk / "answered.ipynb"
    path.write_bytes(release)
    write_answers(path, answers)
    return path.read_bytes()


def give_points(course: Course, student: str, cell: str, points: float, comment: str) -> None:
    """Give points and a comment by hand, as the formgrader in the browser does."""
    with gradebook(course) as book:
        (grade,) = (g for n in book.find_submission("tiny", student).notebooks for g in n.grades if g.name == cell)
        (remark,) = (c for n in book.find_submission("tiny", student).notebooks for c in n.comments if c.name == cell)
        notebook = grade.notebook.id
        grade_id, comment_id = grade.id, remark.id
    with formgrader(course) as (url, session):
        shown = session.get(f"{url}/formgrader/submissions/{notebook}/")
        assert shown.status_code == 200
        assert "When its sensitivity is known" in shown.text
        given = session.put(f"{url}/formgrader/api/grade/{grade_id}", json={"manual_score": points})
        assert given.json()["manual_score"] == points
        session.put(f"{url}/formgrader/api/comment/{comment_id}", json={"manual_comment": comment}).raise_for_status()
