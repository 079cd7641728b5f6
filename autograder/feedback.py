"""Giving students their feedback."""

from __future__ import annotations

from autograder import gradebook
from autograder.course import Course
from autograder.errors import CourseError
from autograder.grade import autograded


def feedback(course: Course, name: str) -> str:
    """Make the feedback of every graded submission of a lab, and put it into the exchange if there is one.

    Parameters
    ----------
    course : Course
        The checkout.
    name : str
        The lab.

    Returns
    -------
    str
        What happened, for the terminal.

    Raises
    ------
    MisuseError
        If there is no such lab.
    CourseError
        If nothing is graded yet, or nbgrader fails.
    """
    course.sources(name)
    students = autograded(course, name)
    if not students:
        raise CourseError(f"No submission of '{name}' is graded yet: course grade {name}.")
    nbgrader = gradebook.api(course)
    gradebook.insist(nbgrader.generate_feedback(name, force=True), f"make the feedback of {name}", course)
    folder = course.grading / "feedback"
    said = [f"Made the feedback of {len(students)} students: {course.relative(folder)}/STUDENT/{name}/."]
    if not nbgrader.exchange_is_functional:
        return f"{said[0]} There is no exchange at {nbgrader.exchange_root}: hand it out another way."
    # nbgrader can only return what came through the exchange, which wrote down when
    exchanged = [student for student in students if (folder / student / name / "timestamp.txt").is_file()]
    for student in exchanged:
        gradebook.insist(nbgrader.release_feedback(name, student), f"release the feedback of {name}", course)
    if exchanged:
        said.append(f"{len(exchanged)} came through the exchange and fetch it with: nbgrader fetch_feedback {name}.")
    if len(exchanged) < len(students):
        said.append(f"{len(students) - len(exchanged)} came in an archive: upload theirs to the learning platform.")
    return " ".join(said)
