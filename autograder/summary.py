"""How a lab went, for the instructor: scores, exercises, checks, what grading took, and what a human should look at."""

from __future__ import annotations

import math
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from jinja2 import Environment
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry, SubmittedAssignment

from autograder import collect, gradebook, log, verdict
from autograder.course import Course
from autograder.errors import CourseError
from autograder.export import is_graded, title

#: An item-rest correlation of fewer says nothing.
ENOUGH = 10
_Z = statistics.NormalDist().inv_cdf(0.975)
_BINS = 10
_UNSEEN = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Exercise:
    """How one exercise or essay went.

    Parameters
    ----------
    name : str
        ``NOTEBOOK/EXERCISE``.
    max_score : float
        What it is worth.
    n : int
        How many submissions have points for it.
    share : float
        The mean share of its points.
    low, high : float
        The 95 % Wilson interval of that mean.
    discrimination : float or None
        The correlation of its points with those of all the rest, if that can be said.
    attempted : int or None
        How many changed the answer from what was released, if the release is there.
    """

    name: str
    max_score: float
    n: int
    share: float
    low: float
    high: float
    discrimination: float | None
    attempted: int | None


@dataclass(frozen=True)
class Check:
    """One check, of one part of a test or a whole plain test, and how many pass it."""

    exercise: str
    topic: str
    hidden: bool
    passed: int
    n: int


@dataclass(frozen=True)
class Change:
    """A score that a human changed."""

    student: str
    exercise: str
    before: float
    after: float


@dataclass(frozen=True)
class Measure:
    """What grading took of one kind: the median, and the students who took most."""

    name: str
    unit: str
    median: float
    slowest: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Bin:
    """A bar of the histogram: scores from `low` up to `high`, the last with its end."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Summary:
    """All that the page says."""

    lab: str
    title: str
    max_score: float
    submitted: int
    faults: dict[str, str]
    waiting: tuple[str, ...]
    scores: dict[str, float]
    exercises: tuple[Exercise, ...]
    checks: tuple[Check, ...]
    measures: tuple[Measure, ...]
    evidence: dict[str, tuple[str, ...]]
    changes: tuple[Change, ...]

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """The quartiles of the scores; the second is the median."""
        low, middle, high = np.percentile(list(self.scores.values()), [25, 50, 75])
        return float(low), float(middle), float(high)

    @property
    def mean(self) -> float:
        """The mean score."""
        return statistics.fmean(self.scores.values())

    @property
    def bins(self) -> tuple[Bin, ...]:
        """The histogram of the scores, from 0 to the most that anyone has or can have."""
        values = list(self.scores.values())
        counts, edges = np.histogram(values, bins=_BINS, range=(0, max(self.max_score, *values, 1e-9)))
        return tuple(
            Bin(float(low), float(high), int(count)) for count, (low, high) in zip(counts, pairwise(edges), strict=True)
        )

    @property
    def flags(self) -> tuple[str, ...]:
        """What looks odd, in words."""
        several = [check for check in self.checks if check.n > 1]
        failed = [
            f"Nobody passes '{check.topic}' of {check.exercise}: a broken test?"
            for check in several
            if not check.passed
        ]
        passed = [
            f"Everybody passes '{check.topic}' of {check.exercise}: it tells nobody apart."
            for check in several
            if check.passed == check.n
        ]
        untouched = [f"Nobody attempted {one.name}." for one in self.exercises if one.attempted == 0]
        return (*failed, *untouched, *passed)


def write(course: Course, lab: str) -> tuple[Path, Summary]:
    """Write the page of a lab, ``grading/reports/LAB.html``.

    Parameters
    ----------
    course : Course
        The checkout.
    lab : str
        The lab.

    Raises
    ------
    MisuseError
        If there is no such lab.
    CourseError
        If nothing of it is graded yet.
    """
    summary = summarise(course, lab)
    return page(course, f"{lab}.html", html("summary.html", summary=summary, enough=ENOUGH)), summary


def page(course: Course, name: str, text: str) -> Path:
    """Write a page under ``grading/reports/``."""
    path = course.grading / "reports" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    # half a surrogate pair, which JSON can hold and UTF-8 can't, comes from students only
    path.write_text(text, encoding="utf-8", errors="replace")
    return path


def html(template: str, **names: object) -> str:
    """Fill in a template of this package; what students wrote is escaped, colours and control characters taken out."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = lambda text: _UNSEEN.sub("", text)
    environment.filters["points"] = lambda value: f"{round(value, 2):g}"
    environment.filters["percent"] = lambda share: f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
    return environment.from_string(files("autograder").joinpath(template).read_text("utf-8")).render(**names)


def summarise(course: Course, lab: str) -> Summary:
    """Gather how a lab went from the gradebook, the autograded notebooks and the log.

    Parameters
    ----------
    course : Course
        The checkout.
    lab : str
        The lab.

    Raises
    ------
    MisuseError
        If there is no such lab.
    CourseError
        If nothing of it is graded yet.
    """
    course.sources(lab)
    entries = log.latest(course, lab)
    with gradebook.gradebook(course) as book:
        graded = _graded(book, lab)
        scores = {one.student_id: float(one.score) for one in graded}
        notebooks = _notebooks(course, lab, list(scores))
        exercises = tuple(_exercises(graded, scores, _attempts(course, lab, notebooks)))
        evidence = {student: tuple(entry.evidence) for student, entry in sorted(entries.items()) if entry.evidence}
        faults = {
            student: "; ".join(entry.notes) or "the log gives no reason"
            for student, entry in sorted(entries.items())
            if entry.action == "fault"
        }
        return Summary(
            lab=lab,
            title=title(course, lab),
            max_score=book.find_assignment(lab).max_score,
            submitted=len(set(collect.submitted(course, lab)) | set(scores)),
            faults=faults,
            waiting=tuple(one.student_id for one in graded if one.needs_manual_grade),
            scores=scores,
            exercises=exercises,
            checks=tuple(_checks(notebooks, {one.name: one.max_score for one in exercises})),
            measures=_measures([entry for entry in entries.values() if entry.action == "grade"]),
            evidence=evidence,
            changes=tuple(_changes(graded)),
        )


def _graded(book: Gradebook, lab: str) -> list[SubmittedAssignment]:
    try:
        submissions = book.find_assignment(lab).submissions
    except MissingEntry:
        raise CourseError(f"'{lab}' was never released: course release {lab}.") from None
    graded = sorted(filter(is_graded, submissions), key=lambda one: str(one.student_id))
    if not graded:
        raise CourseError(f"No submission of '{lab}' is graded yet: course grade {lab}.")
    return graded


def _grades(graded: Sequence[SubmittedAssignment]) -> Iterator[tuple[str, str, Grade]]:
    """Go through all grades, with the student and the exercise."""
    for submission in graded:
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                yield submission.student_id, f"{notebook.name}/{_exercise(grade.name)}", grade


def _notebooks(course: Course, lab: str, students: Sequence[str]) -> dict[str, dict[str, list[NotebookNode]]]:
    """Return the cells of the autograded notebooks, by student and name of the notebook."""
    folders = {student: course.grading / "autograded" / student / lab for student in students}
    return {student: {path.stem: cells(path) for path in sorted(at.glob("*.ipynb"))} for student, at in folders.items()}


def cells(path: Path) -> list[NotebookNode]:
    """Read the cells of a notebook, without checking it against the schema, which takes long."""
    read: list[NotebookNode] = nbformat.v4.reads(path.read_text("utf-8-sig")).cells
    return read


def mark(cell: NotebookNode) -> dict[str, Any]:
    """Return what nbgrader says of a cell; nothing if a student wrote something else there."""
    said = cell.metadata.get("nbgrader")
    return said if isinstance(said, dict) else {}


def _exercise(name: str) -> str:
    """Return the name of the exercise that a cell of points belongs to."""
    return name.removesuffix("-tests")


def _answers(read: list[NotebookNode]) -> dict[str, str]:
    """Return what stands in the cells for answers, by exercise."""
    return {str(mark(cell).get("grade_id")): cell.source.strip() for cell in read if mark(cell).get("solution")}


def _attempts(course: Course, lab: str, notebooks: dict[str, dict[str, list[NotebookNode]]]) -> dict[str, int]:
    """Count who changed an answer from what was released."""
    attempts = {}
    for path in sorted((course.grading / "release" / lab).glob("*.ipynb")):
        handed = [_answers(read[path.stem]) for read in notebooks.values() if path.stem in read]
        for name, released in _answers(cells(path)).items():
            attempts[f"{path.stem}/{name}"] = sum(one.get(name, released) != released for one in handed)
    return attempts


def _exercises(
    graded: Sequence[SubmittedAssignment], totals: dict[str, float], attempts: dict[str, int]
) -> Iterator[Exercise]:
    points: dict[str, dict[str, float]] = defaultdict(dict)
    worth: dict[str, float] = {}
    for student, name, grade in _grades(graded):
        points[name][student] = grade.score
        worth[name] = grade.max_score
    for name, earned in points.items():
        shares = [min(1.0, max(0.0, score / worth[name])) for score in earned.values()]
        share = statistics.fmean(shares)
        rest = [totals[student] - score for student, score in earned.items()]
        yield Exercise(
            name=name,
            max_score=worth[name],
            n=len(shares),
            share=share,
            **dict(zip(("low", "high"), wilson(share, len(shares)), strict=True)),
            discrimination=_correlation(list(earned.values()), rest),
            attempted=attempts.get(name),
        )


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a mean share, as if it were a share of `n` students who pass.

    For points in part it is wide rather than narrow: of all values from 0 to 1 with the same mean, zeros and ones
    spread most. Unlike a bootstrap it also holds when everyone has the same.
    """
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def _correlation(one: list[float], other: list[float]) -> float | None:
    if len(one) < ENOUGH or len(set(one)) == 1 or len(set(other)) == 1:
        return None
    return statistics.correlation(one, other)


def _checks(notebooks: dict[str, dict[str, list[NotebookNode]]], worth: dict[str, float]) -> Iterator[Check]:
    """Count who passes each part of each test. A part that a submission never reached is not passed."""
    verdicts: dict[str, list[verdict.Verdict]] = defaultdict(list)
    for read in notebooks.values():
        for notebook, read_cells in read.items():
            for cell in read_cells:
                name = f"{notebook}/{_exercise(str(mark(cell).get('grade_id')))}"
                # a student can write a verdict of her own, but only into cells that nobody counts
                if name in worth and mark(cell).get("grade") and verdict.KEY in cell.metadata:
                    verdicts[name].append(verdict.of(cell))
    for name, said in verdicts.items():
        longest = max(said, key=lambda one: len(one.parts)).parts
        for place, part in enumerate(longest):
            passed = sum(len(one.parts) > place and one.parts[place].passed for one in said)
            yield Check(name, part.topic, part.hidden, passed, len(said))
        if not longest:
            full = sum(not one.failure and one.score >= worth[name] for one in said)
            yield Check(name, "the whole test", False, full, len(said))


def _changes(graded: Sequence[SubmittedAssignment]) -> Iterator[Change]:
    """Find scores of tests that a human changed, and extra credit. Points for an essay are no change."""
    for student, name, grade in _grades(graded):
        essay = any(cell.name == grade.name for cell in grade.notebook.notebook.solution_cells)
        before = grade.score - (grade.extra_credit or 0.0) if essay else grade.auto_score or 0.0
        if grade.score != before:
            yield Change(student, name, before, grade.score)


def _measures(entries: list[log.Entry]) -> tuple[Measure, ...]:
    kinds = {
        "time": ("s", {entry.student: entry.seconds for entry in entries}),
        "CPU time": ("s", {entry.student: entry.cpu_seconds for entry in entries}),
        "memory": ("MB", {entry.student: entry.memory / 1e6 for entry in entries}),
    }
    return tuple(
        Measure(
            name,
            unit,
            statistics.median(taken.values()),
            tuple(sorted(taken.items(), key=lambda one: -one[1])[:3]),
        )
        for name, (unit, taken) in kinds.items()
        if taken
    )
