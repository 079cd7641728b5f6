"""An exam as a lab: it is released without answers, and graded as every other outlet scores."""

from __future__ import annotations

import pytest

from autograder import lab as labs
from autograder import log
from autograder.course import Course
from autograder.errors import CourseError
from autograder.exam import notebook
from autograder.exam.item import Item
from autograder.exam.score import share
from tests.classroom import solutions, write_answers
from tests.conftest import Command
from tests.exam.examples import examples
from tests.hostile.conftest import hand_in

ITEMS: list[Item] = examples()


def test_a_folder_that_is_there_is_not_written_over(course: Course) -> None:
    with pytest.raises(CourseError, match="is there already"):
        notebook.lab(ITEMS, course.root / "labs" / "tiny", "Exam", ["counting"], 60)


def test_no_answer_is_in_what_a_student_gets(course: Course, command: Command) -> None:
    notebook.lab(ITEMS, course.root / "labs" / "exam", "Exam", ["counting"], 60)
    command("course", "release", "exam")
    text = (course.grading / "release" / "exam" / "exam.ipynb").read_text("utf-8")
    assert "items_of" not in text
    assert "misconception" not in text
    for item in ITEMS:
        assert all(sample not in text for sample in item.samples.values())


@pytest.mark.slow
def test_an_exam_is_graded_as_it_is_scored(course: Course, command: Command) -> None:
    source = notebook.lab(ITEMS, course.root / "labs" / "exam", "Exam", ["counting"], 60)
    command("course", "release", "exam")
    right = solutions(source)
    partly = partial(right)
    release = course.grading / "release" / "exam" / "exam.ipynb"
    for student, answers in {"right": right, "none": {}, "partly": partly[0]}.items():
        write_answers(hand_in(course, student, release.read_bytes(), release.name, "exam"), answers)
    command("course", "grade", "exam")
    entries = log.latest(course, "exam")
    full = {f"exam/{cell.name}-tests": cell.points for cell in labs.read(source).cells if cell.role == "tests"}
    graded = {student: {name: entry.scores[name] for name in full} for student, entry in entries.items()}
    assert graded["right"] == full
    assert graded["none"] == dict.fromkeys(full, 0)
    assert graded["partly"] == pytest.approx(full | partly[1])
    assert all(entry.evidence == [] for entry in entries.values())


def partial(right: dict[str, str]) -> tuple[dict[str, str], dict[str, float]]:
    """Return answers of which some are partly right, and what those earn by the rule."""
    answers, earned = dict(right), {}
    for number, item in enumerate(ITEMS, 1):
        name = f"exam/q{number}-tests"
        if item.kind == "multiple":
            answers[f"q{number}"] = f'answer_{number} = "{sorted(item.right)[0]}"'
            earned[name] = item.points * share(item, sorted(item.right)[:1])
        elif item.kind == "matrix":
            given = {blank.id: blank.value + (0 if place else 1000) for place, blank in enumerate(item.blanks)}
            answers[f"q{number}"] = f"answer_{number} = {given!r}"
            earned[name] = item.points * share(item, given)
        elif item.kind == "single":
            answers[f"q{number}"] = f"answer_{number} = 7"
            earned[name] = 0.0
    return answers, earned
