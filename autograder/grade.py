"""Grading what was submitted: prepare, execute, judge, record."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from nbformat import NotebookNode
from nbgrader.api import MissingEntry

import autograder
from autograder import collect, courtroom, evidence, gradebook, log, prelude, record, restore, sandbox, submission
from autograder.cluster import deserted
from autograder.course import Course
from autograder.errors import CourseError, MisuseError, nearest
from autograder.key import Key, grade_key
from autograder.limits import Limits
from autograder.quarantine import plain
from autograder.restore import Original
from autograder.run import executors, libraries
from autograder.submission import Submission
from autograder.verdict import is_tests
from autograder.warden import Warden

#: How many submissions are sent to a cluster before one has come back: its workers are not counted here.
_CLUSTER_WIDTH = 100


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
        Why it could not be graded, or nothing.
    evidence : tuple of str
        Traces of an attempt to cheat, for a human to judge.
    cached : bool
        Whether it was graded already and nothing has changed since.
    """

    student: str
    points: float = 0.0
    max_points: float = 0.0
    by_hand: bool = False
    fault: str = ""
    evidence: tuple[str, ...] = ()
    cached: bool = False


@dataclass(frozen=True)
class Job:
    """One submission to run. It holds nothing but what that takes, so that it may go to another machine.

    Parameters
    ----------
    student : str
        Whose it is.
    notebooks : dict of str to NotebookNode
        The restored notebooks, by file name.
    files : dict of str to bytes
        What lies beside them.
    first : dict of str to tuple of str
        The ids of the cells of each notebook that may run once for all submissions.
    limits : dict of str to Limits
        What each notebook may use.
    keep : tuple of str
        Patterns of the files to keep of those that it leaves.
    modules : tuple of str
        The libraries that the lab imports.
    unsafe : bool
        Whether it may run with fewer layers than the sandbox asks for.
    """

    student: str
    notebooks: dict[str, NotebookNode]
    files: dict[str, bytes]
    first: dict[str, tuple[str, ...]]
    limits: dict[str, Limits]
    keep: tuple[str, ...]
    modules: tuple[str, ...]
    unsafe: bool


@dataclass
class Ran:
    """What running a submission came to: the executed notebooks, and what is to be said of them."""

    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    evidence: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory: float = 0.0


def execute(job: Job, warden: Warden | None = None) -> Ran:
    """Run the notebooks of one submission, tests included.

    Parameters
    ----------
    job : Job
        The submission. Its notebooks receive their outputs and verdicts.
    warden : Warden, optional
        Who forks its processes; by default one that this process keeps for the libraries of the lab.
    """
    began = time.monotonic()
    ran = Ran()
    for name, notebook in job.notebooks.items():
        forker = warden or _own_warden(job.modules)
        said = courtroom.run(
            notebook, forker, job.limits[name], job.files, readable(), job.first[name], job.keep, unsafe=job.unsafe
        )
        ran.notebooks[name] = notebook
        ran.notes[name], ran.evidence[name] = said.notes, said.evidence
        ran.files |= said.files
        ran.cpu_seconds += said.cpu_seconds
        ran.memory = max(ran.memory, said.memory)
    ran.seconds = time.monotonic() - began
    return ran


@dataclass(frozen=True)
class Failure:
    """A submission that could not be graded, and why. It must not stop the submissions of others."""

    student: str
    why: str

    @classmethod
    def of(cls, student: str, error: Exception) -> Failure:
        """Say what went wrong."""
        said = plain(f"{type(error).__name__}: {error}")[:500]
        return cls(student, f"it could not be graded, and nothing was recorded ({said})")


def _result(prepared: Prepared, future: Future[Ran]) -> tuple[Prepared, Ran] | Failure:
    try:
        return prepared, future.result()
    except CourseError:
        raise
    except CancelledError:
        raise deserted() from None
    except Exception as error:  # noqa: BLE001  # Dask raises kinds of its own when workers die
        return Failure.of(prepared.student, error)


_wardens: dict[tuple[str, ...], Warden] = {}


def _own_warden(modules: tuple[str, ...]) -> Warden:
    if modules not in _wardens:
        _wardens[modules] = Warden(modules)
    return _wardens[modules]


def readable() -> list[Path]:
    """Return what submissions may read beside the installed libraries: the checks, and the labs' helpers and data."""
    helpers = importlib.util.find_spec("clinic")
    places = [Path(autograder.__file__).parent, *map(Path, (helpers and helpers.submodule_search_locations) or ())]
    return [place.resolve() for place in places]


def grade(
    course: Course,
    name: str,
    students: list[str] | None = None,
    *,
    force: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    unsafe: bool = False,
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
        Whether to grade again what is graded and has not changed. Points given by hand are kept.
    workers : int, optional
        How many submissions run at once; as many as there are cores by default.
    cluster : str, optional
        Address of a Dask scheduler whose workers run the submissions.
    unsafe : bool
        Whether to go on where the machine can't keep submissions apart.
    done : callable, optional
        Called with each outcome.

    Returns
    -------
    list of Outcome
        In the order of the students' ids.

    Raises
    ------
    MisuseError
        If there is no such lab or no such submission.
    CourseError
        If the lab was never released, nobody has submitted, someone else is grading this course, or the machine can't
        keep submissions apart.
    """
    with _alone(course):
        session = Session(course, name, unsafe=unsafe)
        outcomes = []
        for outcome in session.grade(session.choose(students), force=force, workers=workers, cluster=cluster):
            outcomes.append(outcome)
            done(outcome)
    return sorted(outcomes, key=lambda outcome: outcome.student)


@dataclass(frozen=True)
class Difference:
    """How a new grading of a submission would differ from what is recorded.

    Parameters
    ----------
    student : str
        Whose it is.
    before, after : dict of str to float
        The automatic points that differ, by ``NOTEBOOK/CELL``; a cell that is not there has none.
    reasons : tuple of str
        What has changed since: the submission, the lab, the grader, the environment.
    """

    student: str
    before: dict[str, float]
    after: dict[str, float]
    reasons: tuple[str, ...]


def compare(
    course: Course,
    name: str,
    students: list[str] | None = None,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    unsafe: bool = False,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Difference]:
    """Grade submissions again and say whose points would change and why. Nothing is written.

    Parameters are those of :func:`grade`.
    """
    with _alone(course):
        session = Session(course, name, unsafe=unsafe)
        found = []
        for graded in session.run(session.choose(students), workers=workers, cluster=cluster):
            if isinstance(graded, Failure):
                done(Outcome(graded.student, fault=graded.why))
                continue
            prepared, ran = graded
            entry = session.entries.get(prepared.student)
            before = entry.scores if entry else {}
            after = session.points(prepared, ran)
            cells = [cell for cell in sorted({*before, *after}) if before.get(cell) != after.get(cell)]
            if cells:
                was, now = ({cell: one[cell] for cell in cells if cell in one} for one in (before, after))
                found.append(Difference(prepared.student, was, now, session.reasons(prepared)))
            done(Outcome(prepared.student))
    return sorted(found, key=lambda difference: difference.student)


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    """Let one grader at a time write to a course."""
    course.grading.mkdir(exist_ok=True)
    try:
        with FileLock(course.grading / ".grading.lock", timeout=1):
            yield
    except Timeout:
        raise CourseError("Someone is grading in this checkout already: wait until that is done.") from None


def _insist_on_a_sandbox() -> None:
    problems = {name: problem for name, problem in sandbox.layers().items() if problem}
    if sandbox.suffices(sandbox.layers().keys() - problems):
        return
    missing = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
    raise CourseError(
        "This machine can't keep submissions apart, so nothing was graded. That takes the namespaces, or both Landlock "
        f"and seccomp ({missing}). To run student code with your own rights all the same: --unsafe."
    )


def _digest(originals: Iterable[Original], limits: dict[str, Limits], keep: tuple[str, ...]) -> str:
    """Return a hash of a lab as it was released, and of what its header says of grading."""
    said = [(one.name, one.cells, one.locked, asdict(limits[f"{one.name}.ipynb"])) for one in originals]
    return hashlib.sha256(json.dumps([said, sorted(keep)], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """A submission, read and put in order, on its way."""

    student: str
    submitted: Submission
    notebooks: dict[str, NotebookNode]
    notes: dict[str, list[str]]
    evidence: tuple[str, ...]
    reached: dict[str, dict[int, list[str]]]
    missing: frozenset[str]
    key: Key


def _traces(prepared: Prepared, ran: Ran) -> Iterator[str]:
    """Yield a sentence for each cell that reached for something, by its text or while it ran."""
    for file, reached in prepared.reached.items():
        tried = ran.evidence.get(file, {})
        for place in sorted({*reached, *tried}):
            yield f"cell {place} {', '.join(dict.fromkeys([*reached.get(place, []), *tried.get(place, [])]))}"


class Session:
    """The grading of one lab.

    Parameters
    ----------
    course : Course
        The checkout.
    name : str
        The lab.
    unsafe : bool
        Whether to go on where the machine can't keep submissions apart.
    """

    def __init__(self, course: Course, name: str, *, unsafe: bool) -> None:
        self.course, self.name, self.unsafe = course, name, unsafe
        course.sources(name)
        with gradebook.gradebook(course) as book:
            try:
                self.originals = restore.originals(book, course.grading / "release" / name, name)
            except MissingEntry:
                raise CourseError(f"'{name}' was never released: course release {name}.") from None
        if not unsafe:
            _insist_on_a_sandbox()
        self.read = {f"{source.stem}.ipynb": course.read(source) for source in course.sources(name)}
        self.limits = {
            file: self.read[file].header.limits if file in self.read else Limits() for file in self.originals
        }
        self.keep = tuple({pattern for notebook in self.read.values() for pattern in notebook.header.keep})
        self.modules = libraries([*self.read.values()], course)
        self.entries = log.latest(course, name)
        self.own = {file: prelude.Lab(original.cells) for file, original in self.originals.items()}
        lab = _digest(self.originals.values(), self.limits, self.keep)
        self.parts = grade_key(lab, self.read.values(), course).parts

    def choose(self, students: list[str] | None) -> list[str]:
        """Return whom to grade, in order.

        Raises
        ------
        MisuseError
            If one of them has not submitted.
        CourseError
            If nobody has.
        """
        everyone = collect.submitted(self.course, self.name)
        if not everyone:
            raise CourseError(f"Nobody has submitted '{self.name}' yet: course collect {self.name}.")
        for student in students or []:
            if student not in everyone:
                raise MisuseError(f"'{student}' has not submitted '{self.name}'.{nearest(student, everyone)}")
        return sorted(set(students or everyone))

    def grade(self, students: list[str], *, force: bool, workers: int | None, cluster: str | None) -> Iterator[Outcome]:
        """Grade submissions and enter them, each as soon as it has run."""
        writer = log.Log(self.course)
        with gradebook.gradebook(self.course) as book:
            recorder = record.Recorder(self.course, book, self.name)
            todo = []
            for student in students:
                try:
                    outcome = None if force else self._unchanged(student, book)
                except Exception as error:  # noqa: BLE001  # whatever a student's file does to what reads it
                    outcome = Outcome(student, fault=Failure.of(student, error).why)
                if outcome:
                    yield outcome
                else:
                    todo.append(student)
            for graded in self.run(todo, workers=workers, cluster=cluster):
                yield self._outcome(graded, recorder, writer)

    def run(
        self, students: list[str], *, workers: int | None, cluster: str | None
    ) -> Iterator[tuple[Prepared, Ran] | Failure]:
        """Run submissions, several at once.

        Yields each, in the order in which they end, with what it came to.
        """
        if not students:
            return
        courtroom.sweep()
        width = workers or (_CLUSTER_WIDTH if cluster else os.cpu_count() or 1)
        warden = None if cluster else Warden(self.modules)
        try:
            with executors(width, cluster) as executor:
                waiting: dict[Future[Ran], Prepared] = {}
                for student in [*students, None]:
                    # Only as many are read ahead as keep the workers busy, so that memory does not grow with the class
                    while waiting and (student is None or len(waiting) >= 2 * width):
                        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                            yield _result(waiting.pop(future), future)
                    if student is None:
                        continue
                    try:
                        prepared = self.prepare(student)
                        job = self._job(prepared)
                    except Exception as error:  # noqa: BLE001  # whatever a student's file does to what reads it
                        yield Failure.of(student, error)
                    else:
                        waiting[executor.submit(partial(execute, warden=warden), job)] = prepared
        finally:
            if warden:
                warden.close()

    def points(self, prepared: Prepared, ran: Ran) -> dict[str, float]:
        """Return the automatic points that a run came to, by ``NOTEBOOK/CELL``."""
        found: dict[str, float] = {}
        for file, original in self.originals.items():
            absent = file in prepared.missing
            notebook = ran.notebooks.get(file) or restore.empty(original)
            given = record.scores(notebook, missing=absent)
            found |= {f"{original.name}/{cell}": score for cell, score in given.items() if score is not None}
        return found

    def reasons(self, prepared: Prepared) -> tuple[str, ...]:
        """Say what has changed since a submission was graded last."""
        entry = self.entries.get(prepared.student)
        if not entry:
            return ("it was never graded",)
        return tuple(prepared.key.changes(entry.versions)) or ("nothing: the points depend on chance or on time",)

    def _unchanged(self, student: str, book: Any) -> Outcome | None:
        """Return the outcome that is recorded, if the submission and all that it depends on are as they were."""
        entry = self.entries.get(student)
        if not entry or not record.folder(self.course, student, self.name).is_dir():
            return None
        submitted = submission.read(self._folder(student), [*self.originals])
        if entry.key != self._key(submitted).digest:
            return None
        try:
            graded = book.find_submission(self.name, student)
        except MissingEntry:
            return None
        fault = "; ".join(submitted.faults)
        return Outcome(
            student,
            record.total(graded),
            graded.max_score,
            graded.needs_manual_grade,
            fault,
            tuple(entry.evidence),
            cached=True,
        )

    def _reached(self, file: str, notebook: NotebookNode) -> dict[int, list[str]]:
        """Say what the text of a student's cells reaches for, by the number of the cell."""
        # Not in the threads that run submissions: Python 3.11 can't parse in several at once
        given = {cell.source for cell in self.originals[file].cells}
        found = {
            place: evidence.reached(cell.source)
            for place, cell in enumerate(notebook.cells, 1)
            if cell.cell_type == "code" and not is_tests(cell) and cell.source not in given
        }
        return {place: phrases for place, phrases in found.items() if phrases}

    def _folder(self, student: str) -> Path:
        return self.course.grading / "submitted" / student / self.name

    def _key(self, submitted: Submission) -> Key:
        return Key(self.parts | {"the submission": submitted.digest})

    def prepare(self, student: str) -> Prepared:
        """Read a submission and put it in order."""
        submitted = submission.read(self._folder(student), [*self.originals])
        notebooks, notes, reached, claims = {}, {}, {}, []
        for file, original in self.originals.items():
            if file not in submitted.notebooks:
                continue
            restored = restore.restore(submitted.notebooks[file], original)
            notebooks[file] = restored.notebook
            notes[file] = restored.notes
            reached[file] = self._reached(file, restored.notebook)
            claims += restored.evidence
        missing = frozenset(self.originals.keys() - notebooks.keys())
        key = self._key(submitted)
        return Prepared(student, submitted, notebooks, notes, tuple(claims), reached, missing, key)

    def _job(self, prepared: Prepared) -> Job:
        first = {file: self.own[file].independent(notebook.cells) for file, notebook in prepared.notebooks.items()}
        notebooks, files = prepared.notebooks, prepared.submitted.files
        return Job(prepared.student, notebooks, files, first, self.limits, self.keep, self.modules, self.unsafe)

    def _outcome(self, graded: tuple[Prepared, Ran] | Failure, recorder: record.Recorder, writer: log.Log) -> Outcome:
        if not isinstance(graded, Failure):
            try:
                return self._enter(*graded, recorder, writer)
            except Exception as error:  # noqa: BLE001  # whatever a student's answer does to what writes it
                graded = Failure.of(graded[0].student, error)
        return Outcome(graded.student, fault=graded.why)

    def _enter(self, prepared: Prepared, ran: Ran, recorder: record.Recorder, writer: log.Log) -> Outcome:
        student, submitted = prepared.student, prepared.submitted
        notebooks = {}
        for file, original in self.originals.items():
            notebook = ran.notebooks.get(file) or restore.empty(original)
            faults = [fault for fault in submitted.faults if fault.startswith(file) or file in prepared.missing]
            notes = [*faults, *prepared.notes.get(file, []), *ran.notes.get(file, [])]
            notebook.metadata["notes"] = notes
            notebooks[file] = notebook
        traces = [*prepared.evidence, *_traces(prepared, ran)]
        entry = self.entries.get(student)
        same = entry is not None and entry.submission == submitted.digest
        standing = recorder.enter(student, notebooks, set(prepared.missing), ran.files | submitted.files, same=same)
        fault = "; ".join(submitted.faults)
        new = log.Entry(
            when=log.now(),
            lab=self.name,
            student=student,
            action="fault" if fault else "grade",
            submission=submitted.digest,
            key=prepared.key.digest,
            versions=prepared.key.parts,
            scores=standing.scores,
            score=standing.score,
            max_score=standing.max_score,
            notes=[note for notebook in notebooks.values() for note in notebook.metadata["notes"]],
            evidence=traces,
            seconds=round(ran.seconds, 3),
            cpu_seconds=round(ran.cpu_seconds, 3),
            memory=ran.memory,
        )
        writer.append(new)
        return Outcome(student, standing.score, standing.max_score, standing.by_hand, fault, tuple(traces))


def autograded(course: Course, name: str) -> list[str]:
    """Return the students whose submission of a lab is graded, in order."""
    return sorted(folder.parent.name for folder in course.grading.glob(f"autograded/*/{name}"))
