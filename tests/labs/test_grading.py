"""Every lab, graded for real: what is answered gets its points, and what is not gets none."""

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
def test_a_lab_gives_marks_for_what_is_answered_and_only_for_that(name: str, labs: Course, command: Command) -> None:
    command("course", "release", name)
    full = points(labs, name)
    # Two students, of whom each answers what the other leaves out
    halves = {"even": set(list(full)[::2]), "odd": set(list(full)[1::2])}
    for source in labs.sources(name):
        release = labs.grading / "release" / name / f"{source.stem}.ipynb"
        answers = solutions(source)
        for student, half in halves.items():
            some = {one: answer for one, answer in answers.items() if f"{source.stem}/{one}-tests" in half}
            write_answers(hand_in(labs, student, release.read_bytes(), release.name, name), some)
    said = command("course", "grade", name)
    entries = log.latest(labs, name)
    for student, half in halves.items():
        graded = {one: score for one, score in entries[student].scores.items() if one in full}
        assert graded == {one: value if one in half else 0 for one, value in full.items()}, said.stdout
    # Nothing that the lab itself asks for looks like cheating, or meets a limit
    assert {student: (entry.evidence, entry.notes) for student, entry in entries.items()} == dict.fromkeys(
        entries, ([], [])
    )
