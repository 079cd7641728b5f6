"""Giving students their feedback."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from autograder import feedback_page, gradebook
from autograder.course import Course
from autograder.errors import CourseError
from autograder.feedback_page import Grade, Marks
from autograder.grade import autograded

#: What the exchange finds the student's submission again by.
_RECEIPTS = ("timestamp.txt", "submission_secret.txt")


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
        If nothing is graded yet, nbgrader fails, or some feedback could not be made; the others have theirs.
    """
    titles = {source.stem: course.read(source).header.title for source in course.sources(name)}
    students = autograded(course, name)
    if not students:
        raise CourseError(f"No submission of '{name}' is graded yet: course grade {name}.")
    made, faults = [], []
    with gradebook.gradebook(course) as book:
        for student in students:
            try:
                _write(course, book, name, student, titles)
                made.append(student)
            except CourseError as error:
                faults.append(str(error))
    said = [
        f"Students whose feedback was made: {len(made)}, in {course.relative(course.grading)}/feedback/STUDENT/{name}/."
    ]
    said += _release(course, name, made) if made else []
    if faults:
        raise CourseError("\n".join([" ".join(said), *faults]))
    return " ".join(said)


def _write(course: Course, book: Gradebook, name: str, student: str, titles: dict[str, str]) -> None:
    """Write the pages of one student where nbgrader looks for them, and take away what an earlier grading left."""
    graded = course.grading / "autograded" / student / name
    folder = course.grading / "feedback" / student / name
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for stem, title in titles.items():
        path = graded / f"{stem}.ipynb"
        if path.is_file():
            files[f"{stem}.html"] = _page(course, path, _marks(book, name, student, stem, title)).encode()
    files |= {receipt: (graded / receipt).read_bytes() for receipt in _RECEIPTS if (graded / receipt).is_file()}
    for file, content in files.items():
        _put(folder / file, content)
    for path in folder.iterdir():
        if path.name not in files:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _page(course: Course, path: Path, marks: Marks) -> str:
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise CourseError(f"{course.relative(path)} can't be read ({error}): grade it again with --force.") from error
    return feedback_page.page(notebook, marks)


def _marks(book: Gradebook, name: str, student: str, stem: str, title: str) -> Marks:
    try:
        graded = book.find_submission_notebook(stem, name, student)
    except MissingEntry:
        raise CourseError(
            f"The gradebook holds no grade of {name}/{stem} for {student}: "
            f"course grade {name} --student {student} --force."
        ) from None
    return Marks(
        title=title,
        student=student,
        grades={grade.name: Grade(grade.score, grade.max_score, grade.needs_manual_grade) for grade in graded.grades},
        comments={comment.name: comment.comment for comment in graded.comments if comment.comment},
        penalty=graded.late_submission_penalty or 0.0,
    )


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. The exchange passes its rights on, so others must be able to read it."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    new.chmod(0o644)
    new.replace(path)


def _release(course: Course, name: str, students: list[str]) -> list[str]:
    """Put the feedback into the exchange, and say who can fetch it from there."""
    nbgrader = gradebook.api(course)
    if not nbgrader.exchange_is_functional:
        return [f"There is no exchange at {nbgrader.exchange_root}: hand it out another way."]
    # nbgrader can only return what came through the exchange, which wrote down when
    folder = course.grading / "feedback"
    exchanged = [
        student for student in students if all((folder / student / name / receipt).is_file() for receipt in _RECEIPTS)
    ]
    for student in exchanged:
        gradebook.insist(nbgrader.release_feedback(name, student), f"release the feedback of {name}", course)
    said = []
    if exchanged:
        said.append(
            f"Handed out through the exchange: {len(exchanged)}; they fetch it with: nbgrader fetch_feedback {name}."
        )
    if len(exchanged) < len(students):
        said.append(f"{len(students) - len(exchanged)} came in an archive: upload theirs to the learning platform.")
    return said
