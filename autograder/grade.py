"""Grading what was submitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder import collect, gradebook, submission
from autograder.course import Course
from autograder.errors import CourseError, MisuseError, nearest


@dataclass(frozen=True)
class Outcome:
    """What grading one submission came to.

    Parameters
    ----------
    student : str
        The student's id.
    points, max_points : float
        Points so far, and what the lab can give.
    by_hand : bool
        Whether something waits for a human, such as an essay.
    fault : str
        Why it was not graded, or nothing.
    """

    student: str
    points: float = 0.0
    max_points: float = 0.0
    by_hand: bool = False
    fault: str = ""


def grade(
    course: Course,
    name: str,
    students: list[str] | None = None,
    *,
    force: bool = False,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Grade the submissions of a lab. One that can't be graded is reported and does not stop the others.

    Parameters
    ----------
    course : Course
        The checkout.
    name : str
        The lab.
    students : list of str, optional
        Whom to grade; everyone who has submitted by default.
    force : bool
        Whether to grade again what is graded already. Points given by hand are kept.
    done : callable, optional
        Called with each outcome.

    Raises
    ------
    MisuseError
        If there is no such lab or no such submission.
    CourseError
        If the lab was never released, or nobody has submitted.
    """
    wanted = [f"{source.stem}.ipynb" for source in course.sources(name)]
    with gradebook.gradebook(course) as book:
        try:
            book.find_assignment(name)
        except MissingEntry:
            raise CourseError(f"'{name}' was never released: course release {name}.") from None
    everyone = collect.submitted(course, name)
    if not everyone:
        raise CourseError(f"Nobody has submitted '{name}' yet: course collect {name}.")
    for student in students or []:
        if student not in everyone:
            raise MisuseError(f"'{student}' has not submitted '{name}'.{nearest(student, everyone)}")
    outcomes = []
    for student in students or everyone:
        folder = course.grading / "submitted" / student / name
        fault = submission.fault(folder, wanted)
        outcome = Outcome(student, fault=fault) if fault else _grade_one(course, name, student, force)
        outcomes.append(outcome)
        done(outcome)
    return outcomes


def _grade_one(course: Course, name: str, student: str, force: bool) -> Outcome:
    nbgrader = gradebook.api(course)
    try:
        result = nbgrader.autograde(name, student, force=force)
        gradebook.insist(result, f"autograde {name} of {student}", course)
    except CourseError as error:
        return Outcome(student, fault=str(error))
    return _outcome(course, name, student)


def _outcome(course: Course, name: str, student: str) -> Outcome:
    with gradebook.gradebook(course) as book:
        graded = book.find_submission(name, student)
        return Outcome(student, graded.score, graded.max_score, graded.needs_manual_grade)


def autograded(course: Course, name: str) -> list[str]:
    """Return the students whose submission of a lab is graded, in order."""
    folders: list[Path] = sorted(course.grading.glob(f"autograded/*/{name}"))
    return [folder.parent.name for folder in folders]
