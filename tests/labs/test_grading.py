"""Every lab, graded for real: right answers get full points, no answers none, half of them half."""

from __future__ import annotations

import shutil

import pytest

from autograder import log
from autograder.course import Course
from tests.classroom import solutions, write_answers
from tests.conftest import ROOT, Command
from tests.hostile.conftest import hand_in


@pytest.fixture
def labs(course: Course) -> Course:
    """A course with all labs of this one."""
    for folder in ("labs", "book"):
        shutil.copytree(ROOT / folder, course.root / folder, dirs_exist_ok=True)
    return Course(course.root)


def points(course: Course, name: str) -> dict[str, float]:
    """Return the points of each exercise of a lab, under the names that the log uses."""
    return {
        f"{source.stem}/{cell.name}-tests": cell.points
        for source in course.sources(name)
        for cell in course.read(source).cells
        if cell.role == "tests"
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", Course(ROOT).labs)
def test_a_lab_gives_full_half_and_no_marks(name: str, labs: Course, command: Command) -> None:
    command("course", "release", name)
    full = points(labs, name)
    half = {one: value for place, (one, value) in enumerate(full.items()) if place % 2 == 0}
    for source in labs.sources(name):
        release = labs.grading / "release" / name / f"{source.stem}.ipynb"
        answers = solutions(source)
        some = {one: answer for one, answer in answers.items() if f"{source.stem}/{one}-tests" in half}
        for student, given in {"full": answers, "half": some, "none": {}}.items():
            write_answers(hand_in(labs, student, release.read_bytes(), release.name, name), given)
    said = command("course", "grade", name)
    entries = log.latest(labs, name)
    graded = {
        student: {one: score for one, score in entry.scores.items() if one in full}
        for student, entry in entries.items()
    }
    assert graded["full"] == full, said.stdout
    assert graded["none"] == dict.fromkeys(full, 0)
    assert graded["half"] == {one: half.get(one, 0) for one in full}
    # Nothing that the lab itself asks for looks like cheating, or meets a limit
    assert {student: (entry.evidence, entry.notes) for student, entry in entries.items()} == dict.fromkeys(
        entries, ([], [])
    )
