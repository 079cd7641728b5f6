"""Entering a graded submission: into the folder of graded notebooks, and into nbgrader's gradebook."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import BaseCell, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors.latesubmissions import AssignLatePenalties

from autograder import gradebook, quarantine, verdict
from autograder.course import Course

_TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Standing:
    """Where a student stands after a submission is entered.

    Parameters
    ----------
    scores : dict of str to float
        Automatic points by ``NOTEBOOK/CELL``.
    score, max_score : float
        Points with those given by hand and the late penalty, and what the lab can give.
    by_hand : bool
        Whether something waits for a human.
    """

    scores: dict[str, float]
    score: float
    max_score: float
    by_hand: bool


class Recorder:
    """Enters submissions of one lab. Only one may be at work on a course at a time.

    Parameters
    ----------
    course : Course
        The checkout.
    book : Gradebook
        nbgrader's.
    lab : str
        The lab.
    """

    def __init__(self, course: Course, book: Gradebook, lab: str) -> None:
        self.course, self.book, self.lab = course, book, lab
        self._config = gradebook.config(course, course.grading)

    def enter(
        self,
        student: str,
        notebooks: Mapping[str, NotebookNode],
        missing: set[str],
        files: Mapping[str, bytes],
        *,
        same: bool,
    ) -> Standing:
        """Enter a submission that was graded.

        Parameters
        ----------
        student : str
            Whose it is.
        notebooks : mapping of str to NotebookNode
            The executed notebooks with their verdicts, by file name; for one that is missing, the released one.
        missing : set of str
            Which of them the student has not handed in.
        files : mapping of str to bytes
            What else she has handed in.
        same : bool
            Whether it is, to the letter, the submission that was entered before; then what a human has reviewed
            stays reviewed.
        """
        timestamp = files.get(_TIMESTAMP, b"").decode("ascii", "ignore").strip()
        self._keep(student, notebooks, files)
        with _transaction(self.book):
            self.book.update_or_create_student(student)
            moment = {"timestamp": timestamp} if _is_moment(timestamp) else {}
            submission = self.book.update_or_create_submission(self.lab, student, **moment)
            points: dict[str, float] = {}
            for notebook in submission.notebooks:
                name = f"{notebook.name}.ipynb"
                graded = self._enter(notebook, notebooks[name], missing=name in missing, same=same)
                points |= {f"{notebook.name}/{cell}": score for cell, score in graded.items()}
            self.book.db.flush()
            for notebook in submission.notebooks:
                self._penalise(notebook, submission.total_seconds_late)
            self.book.db.flush()
            self.book.db.expire(submission)
            return Standing(points, total(submission), submission.max_score, submission.needs_manual_grade)

    def _enter(
        self, submitted: SubmittedNotebook, notebook: NotebookNode, *, missing: bool, same: bool
    ) -> dict[str, float]:
        """Enter the points and remarks of one notebook; return the automatic points by cell."""
        points = scores(notebook, missing=missing)
        # nbgrader's `grade.name` asks the database for each cell by itself, and writes what is pending each time
        names = dict(self.book.db.query(BaseCell.id, BaseCell.name).filter_by(notebook_id=submitted.notebook_id).all())
        for grade in submitted.grades:
            score = points.get(names[grade.cell_id], 0.0)
            reviewed = same and grade.auto_score == score and not grade.needs_manual_grade
            by_hand = grade.manual_score is not None or score is None
            grade.auto_score = score
            grade.needs_manual_grade = not reviewed and not missing and by_hand
        cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
        for comment in submitted.comments:
            cell = cells.get(names[comment.cell_id])
            if missing or cell is None:
                comment.auto_comment = "Not handed in."
            else:
                untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
                comment.auto_comment = "No response." if untouched else None
        return {name: float(score) for name, score in points.items() if score is not None}

    def _penalise(self, notebook: SubmittedNotebook, seconds_late: float) -> None:
        """Apply the policy of nbgrader's configuration for what was handed in late."""
        notebook.late_submission_penalty = None
        if seconds_late > 0:
            plugin_class = AssignLatePenalties(config=self._config).plugin_class
            plugin: LateSubmissionPlugin = plugin_class(config=self._config)
            penalty = plugin.late_submission_penalty(notebook.student.id, notebook.score, seconds_late)
            if penalty is not None:
                notebook.late_submission_penalty = min(max(penalty, 0.0), notebook.score)

    def _keep(self, student: str, notebooks: Mapping[str, NotebookNode], files: Mapping[str, bytes]) -> None:
        """Write the graded notebooks where nbgrader expects them; a kill leaves the old ones or the new ones."""
        place = self.course.grading / "autograded" / student / self.lab
        new, old = (place.with_name(f".{self.lab}.{word}") for word in ("new", "old"))
        for path in (new, old):
            shutil.rmtree(path, ignore_errors=True)
        new.mkdir(parents=True)
        for name, content in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        for name, notebook in notebooks.items():
            # nbformat's own writer copies and checks all of it twice more, for each submission of a class
            text = json.dumps(quarantine.defuse(notebook), ensure_ascii=False, sort_keys=True)
            (new / name).write_text(f"{text}\n", encoding="utf-8")
        if place.exists():
            place.rename(old)
        new.rename(place)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _transaction(book: Gradebook) -> Iterator[None]:
    """Make all that nbgrader's interface does in between, which commits at each step, one transaction."""
    book.db.commit = book.db.flush
    try:
        yield
        book.db().commit()
    finally:
        del book.db.commit
        book.db.remove()  # rolls back what was not committed, and keeps nothing in memory


def scores(notebook: NotebookNode, *, missing: bool) -> dict[str, float | None]:
    """Return the automatic points of the graded cells of an executed notebook; None where a human decides."""
    found: dict[str, float | None] = {}
    for cell in notebook.cells:
        if not utils.is_grade(cell):
            continue
        name = cell.metadata.nbgrader.grade_id
        if missing:
            found[name] = 0.0
        else:
            found[name] = verdict.of(cell).score if verdict.is_tests(cell) else utils.determine_grade(cell)[0]
    return found


def total(submission: SubmittedAssignment) -> float:
    """Return the points of a submission, less what was taken off because it came late."""
    return max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0))


def _is_moment(text: str) -> bool:
    try:
        utils.parse_utc(text)
    except (ValueError, OverflowError, TypeError):
        return False
    return bool(text)


def folder(course: Course, student: str, lab: str) -> Path:
    """Return where the graded notebooks of a student lie."""
    return course.grading / "autograded" / student / lab
