"""The log of grading: one line of JSON for each time a submission was graded, only ever appended to.

Each line carries the hash of the line before it, so that a line which was changed or taken out later shows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course


@dataclass(frozen=True)
class Entry:
    """One grading of one submission.

    Parameters
    ----------
    when : str
        Date and time, UTC, ISO 8601.
    lab, student : str
        Whose, of what.
    action : {'grade', 'fault'}
        Whether it could be graded.
    submission : str
        SHA-256 of what was handed in.
    key : str
        SHA-256 of all that the result depends on.
    versions : dict of str to str
        What graded it: the code of the grader, Python, the lock of the environment.
    scores : dict of str to float
        Automatic points by ``NOTEBOOK/CELL``.
    score, max_score : float
        Points with those given by hand and the late penalty, and what the lab can give.
    notes, evidence : list of str
        For the student, and for the instructor.
    seconds, cpu_seconds, memory : float
        Wall time, CPU time as the submission's process says, and its peak memory in bytes.
    previous : str
        SHA-256 of the line before, empty for the first; filled in when the entry is written.
    """

    when: str
    lab: str
    student: str
    action: str
    submission: str
    key: str
    versions: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    max_score: float = 0.0
    notes: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory: float = 0.0
    previous: str = ""


def path(course: Course) -> Path:
    """Return where the log of a course lies."""
    return course.grading / "log.jsonl"


def now() -> str:
    """Return the time, as entries give it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Log:
    """The log, open for one writer.

    Parameters
    ----------
    course : Course
        The checkout.
    """

    def __init__(self, course: Course) -> None:
        self._path = path(course)
        lines = _lines(course)
        self._last = _hash(lines[-1]) if lines else ""

    def append(self, entry: Entry) -> None:
        """Add an entry, on the disk before this returns."""
        line = json.dumps(asdict(replace(entry, previous=self._last)))
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            end = os.fstat(descriptor).st_size
            # a grader that was killed while it wrote leaves half a line
            torn = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"
            os.write(descriptor, (b"\n" if torn else b"") + line.encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._last = _hash(line)


def entries(course: Course) -> Iterator[Entry]:
    """Yield the entries, oldest first. Half a line, left by a grader that was killed, is passed over."""
    for line in _lines(course):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        yield Entry(**said)


def latest(course: Course, lab: str) -> dict[str, Entry]:
    """Return the newest entry of each student of a lab."""
    return {entry.student: entry for entry in entries(course) if entry.lab == lab}


def altered(course: Course) -> list[int]:
    """Return the numbers, from 1, of the lines before which something was changed or taken out."""
    lines = _lines(course)
    before = [_hash(line) for line in lines]
    found = []
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)["previous"]
        except (ValueError, KeyError, TypeError):
            continue
        if said != (before[number - 2] if number > 1 else ""):
            found.append(number)
    return found


def _lines(course: Course) -> list[str]:
    try:
        text = path(course).read_text("ascii", "replace")
    except FileNotFoundError:
        return []
    return [line for line in text.split("\n") if line]


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode("ascii", "replace")).hexdigest()
