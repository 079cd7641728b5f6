"""Running a submission: its own cells in one confined process, the cells of tests in another.

This side is trusted. It holds the tests, drives both processes cell by cell over pipes, and believes neither: what a
student's process says is only ever an output of the student's own cells, or a trace for a human to look at.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeGuard
from weakref import WeakKeyDictionary

import psutil
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import submission
from autograder.limits import CUT, Limits
from autograder.quarantine import plain
from autograder.verdict import Part, Verdict, hidden_lines, is_tests
from autograder.warden import Order, Prelude, Warden
from autograder.watch import family_memory
from autograder.wire import Channel, WireError

_MOST_RESTARTS = 3
_MOST_OUTPUTS = 500
_MOST_IMAGE = 5_000_000
_PLACES = "course-grade-"
_GRACE = 3.0  # seconds that a process has to notice itself that its time is up
_LOOK = 0.5  # seconds between two looks at the memory of a process that computes
_SIGNALS = {
    signal.SIGXCPU: "it took more CPU time than it may",
    signal.SIGKILL: "it was killed, as happens beyond a limit",
    signal.SIGSEGV: "it crashed in code that is not Python",
    signal.SIGABRT: "it crashed in code that is not Python",
    signal.SIGXFSZ: "it wrote a file that is too large",
}
_FIELDS = {
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
}


def sweep() -> None:
    """Delete the folders that graders have left which were killed."""
    for place in Path(tempfile.gettempdir()).glob(f"{_PLACES}*"):
        pid = place.name.removeprefix(_PLACES).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(place, ignore_errors=True)


class Ended(Exception):  # noqa: N818  # reads as what happened
    """A confined process has ended or does not answer. The message is for the student."""


@dataclass
class Proceedings:
    """What running a submission came to, beside what stands in its cells.

    Parameters
    ----------
    notes : list of str
        Sentences for the student: which limit was hit where.
    evidence : dict of int to list of str
        Phrases for the instructor, by the number of the cell: what it reached for or replaced.
    cpu_seconds, memory : float
        What the student's process used, as it says itself.
    files : dict of str to bytes
        What it has left and the lab wants to keep.
    """

    notes: list[str] = field(default_factory=list)
    evidence: dict[int, list[str]] = field(default_factory=dict)
    cpu_seconds: float = 0.0
    memory: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)


class Courtroom:
    """A student's process and a judge's, with a pipe between them that this side does not listen to.

    Parameters
    ----------
    warden : Warden
        Who forks them.
    limits : Limits
        What they may use.
    files : mapping of str to bytes
        What lies in the student's folder beside the notebook, by relative path.
    readable : sequence of Path
        What both may read beside the libraries.
    prelude : Prelude, optional
        Where the lab's own cells have run already, to fork the student's process from.
    unsafe : bool
        Whether they may run with fewer layers than the sandbox asks for.
    """

    def __init__(
        self,
        warden: Warden,
        limits: Limits,
        files: Mapping[str, bytes],
        readable: Sequence[Path],
        prelude: Prelude | None = None,
        *,
        unsafe: bool,
    ) -> None:
        self.limits = limits
        self.forkers: dict[str, Warden | Prelude] = {"student": prelude or warden, "judge": warden}
        self.channels: dict[str, Channel] = {}
        self.pids: dict[str, int] = {}
        with contextlib.ExitStack() as stack:
            place = Path(tempfile.mkdtemp(prefix=f"{_PLACES}{os.getpid()}-"))
            stack.callback(shutil.rmtree, place, ignore_errors=True)
            place.chmod(0o711)
            self.folder = place / "student"
            pipe = socket.socketpair()
            with pipe[0], pipe[1]:
                for role, end in zip(("student", "judge"), pipe, strict=True):
                    folder = place / role
                    folder.mkdir()
                    if role == "student":
                        _fill(folder, files)
                    order = Order(role, str(folder), tuple(map(str, readable)), limits, unsafe)
                    channel, pid = self.forkers[role].fork(order, end)
                    stack.callback(channel.close)
                    stack.callback(_kill, pid)
                    self.channels[role], self.pids[role] = channel, pid
            self._stack = stack.pop_all()

    def run_cell(self, source: str) -> dict[str, Any]:
        """Run a cell of the student's, and return what her process says of it: nothing of it is to be believed.

        Raises
        ------
        Ended
            If her process ends, or takes longer than a cell may.
        """
        said = self._ask("student", source, self.limits.cell_seconds)
        return said if isinstance(said, dict) else {}

    def run_inside(self, source: str) -> dict[str, Any]:
        """Run a cell of tests in the student's own process; see :mod:`inside`. No more is believed than has its form.

        Raises
        ------
        Ended
            If her process ends, or takes longer than a cell may.
        """
        said = self._ask("student", (source,), self.limits.cell_seconds)
        if not _has_the_form(said):
            raise Ended("The tests gave no answer.")
        return said

    def run_tests(self, source: str) -> dict[str, Any]:
        """Run a cell of tests against what the student's cells have defined; see :func:`judge.run_tests`.

        Raises
        ------
        Ended
            If the judge's process ends, or takes longer than tests may.
        """
        said = self._ask("judge", source, self.limits.tests_seconds)
        if not isinstance(said, dict):
            raise Ended("The tests gave no answer.")
        return said

    def left(self, patterns: Sequence[str]) -> dict[str, bytes]:
        """Return the files in the student's folder that match one of some patterns, by relative path."""
        found = {}
        for name, path in submission.walk(self.folder) if patterns else ():
            if not name.endswith(".ipynb") and any(fnmatch(name, pattern) for pattern in patterns):
                held, fault = submission.content(path)
                if not fault:
                    found[name] = held
        return found

    def close(self) -> None:
        """End both processes and delete their folders."""
        self._stack.close()

    def _ask(self, role: str, source: object, seconds: float) -> object:
        channel = self.channels[role]
        try:
            channel.send(source, _GRACE)
            self._wait(role, seconds + _GRACE)
            return _writable(channel.receive(_GRACE))
        except TimeoutError:
            what = "The cell" if role == "student" else "The tests of this exercise"
            raise Ended(f"{what} took longer than {seconds:g} seconds and did not stop when asked to.") from None
        except (ConnectionError, WireError):
            raise Ended(f"The process that ran this cell ended: {self._why(role)}.") from None

    def _wait(self, role: str, seconds: float) -> None:
        """Wait for an answer, and end what holds too much memory meanwhile."""
        end = time.monotonic() + seconds
        while not select.select([self.channels[role].socket], [], [], _LOOK)[0]:
            if time.monotonic() > end:
                raise TimeoutError
            if family_memory(self.pids[role]) > self.limits.memory_gb * 1e9:
                raise Ended(f"The cell took more than {self.limits.memory_gb:g} GB of memory and was stopped.")

    def _why(self, role: str) -> str:
        status = self.forkers[role].status(self.pids[role])
        if status is None:
            return "it does not answer any more"
        if status > 128:
            return _SIGNALS.get(signal.Signals(status - 128), f"it received the signal {status - 128}")
        return f"the cell ended it, with exit status {status}"


def run(
    notebook: NotebookNode,
    warden: Warden,
    limits: Limits,
    files: Mapping[str, bytes],
    readable: Sequence[Path],
    first: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    *,
    unsafe: bool = False,
) -> Proceedings:
    """Run every code cell of a submission in order; outputs and verdicts are put into the notebook.

    A cell that ends its process loses only itself: the cells before it run again in a new process, and it goes on.

    Parameters
    ----------
    notebook : NotebookNode
        The submission, with the instructor's cells restored.
    warden : Warden
        Who forks the processes.
    limits : Limits
        What it may use.
    files : mapping of str to bytes
        What lies beside the notebook.
    readable : sequence of Path
        What it may read beside the libraries.
    first : tuple of str
        The ids of cells that may run once for all submissions, before all others.
    keep : tuple of str
        Patterns of the files to keep of those that it leaves.
    unsafe : bool
        Whether it may run with fewer layers than the sandbox asks for.

    Raises
    ------
    CourseError
        If no process can be made for it.
    """
    own = [cell for cell in notebook.cells if cell.id in first]
    prelude = warden.prelude(tuple(cell.source for cell in own), limits, readable) if own else None
    session = _Session(notebook, limits, lambda: Courtroom(warden, limits, files, readable, prelude, unsafe=unsafe))
    if prelude:
        for cell, outputs in zip(own, _shown(prelude), strict=True):
            cell.outputs = list(outputs)
            session.done.add(cell.id)
    return session.run(keep)


_shown_before: WeakKeyDictionary[Prelude, list[list[NotebookNode]]] = WeakKeyDictionary()


def _shown(prelude: Prelude) -> list[list[NotebookNode]]:
    """Return what the lab's own cells have shown: the same outputs for all submissions, which nobody changes."""
    if prelude not in _shown_before:
        _shown_before[prelude] = [_outputs(outputs) for outputs in prelude.outputs]
    return _shown_before[prelude]


class _Session:
    """One submission under way."""

    def __init__(self, notebook: NotebookNode, limits: Limits, open_room: Callable[[], Courtroom]) -> None:
        self.cells = [(place, cell) for place, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
        self.limits, self.open = limits, open_room
        self.said = Proceedings()
        self.done: set[str] = set()
        self.good: list[str] = []
        self.restarts = 0

    def run(self, keep: Sequence[str]) -> Proceedings:
        """Run the cells."""
        end = time.monotonic() + self.limits.seconds
        self.room = self.open()
        try:
            for place, cell in self.cells:
                if cell.id in self.done:
                    continue
                if reason := self._enough(end):
                    _skip(cell, reason)
                    self.said.notes += [reason] if reason not in self.said.notes else []
                elif is_tests(cell):
                    self._tests(cell)
                else:
                    self._cell(place, cell)
            self.said.files = self.room.left(keep)
        finally:
            self.room.close()
        return self.said

    def _enough(self, end: float) -> str:
        """Say why no further cell is run, or nothing."""
        if self.restarts > _MOST_RESTARTS:
            return f"{self.restarts} cells had ended their process, so the cells after them were not run."
        if time.monotonic() > end:
            return f"The notebook had taken {self.limits.seconds:g} seconds, so the cells after that were not run."
        return ""

    def _cell(self, place: int, cell: NotebookNode) -> None:
        try:
            said = self.room.run_cell(cell.source)
            self.good.append(cell.source)
            cell.outputs = _outputs(said.get("outputs"))
            if traces := _phrases(said.get("evidence")):
                self.said.evidence[place] = traces
            self._use(said)
            self.said.notes += [f"Cell {place}: {limit}." for limit in _limits_hit(cell.outputs, self.limits)]
        except Ended as ended:
            cell.outputs = [_error("Stopped", str(ended))]
            self.said.notes.append(f"Cell {place}: {ended}")
            self._restart()

    def _tests(self, cell: NotebookNode) -> None:
        name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        try:
            inside = cell.metadata.get("inside")
            said = self.room.run_inside(cell.source) if inside else self.room.run_tests(cell.source)
        except Ended as ended:
            Verdict(failure=str(ended)).attach(cell)
            cell.outputs = [_error("Stopped", str(ended))]
            self.said.notes.append(f"{name}: {ended}")
            self._restart()
            return
        verdict = _verdict(cell.source, said, points)
        verdict.attach(cell)
        cell.outputs = _tests_outputs(said, verdict, points)
        if said.get("gone"):
            self.said.notes.append(f"{name}: while it was tested: {said['gone']}")
            self._restart()

    def _restart(self) -> None:
        """Begin anew and run again what has gone well."""
        self.room.close()
        self.restarts += 1
        if self.restarts <= _MOST_RESTARTS:
            self.room = self.open()
            with contextlib.suppress(Ended):
                for source in self.good:
                    self.room.run_cell(source)

    def _use(self, said: Mapping[str, Any]) -> None:
        for name in ("cpu_seconds", "memory"):
            value = said.get(name)
            if isinstance(value, int | float) and 0 <= value < 1e15:
                setattr(self.said, name, max(getattr(self.said, name), float(value)))


def _has_the_form(said: object) -> TypeGuard[dict[str, Any]]:
    """Whether what a student's process says has the form of what the judge says."""
    if not isinstance(said, dict):
        return False
    texts = all(isinstance(said.get(key), str) for key in ("failure", "trace", "printed"))
    numbers = isinstance(said.get("line"), int) and isinstance(said.get("value"), float | None)
    parts = said.get("parts")
    return (
        texts
        and numbers
        and isinstance(parts, list)
        and all(isinstance(part, tuple) and list(map(type, part)) == [str, float, str, int] for part in parts)
    )


def _verdict(source: str, said: Mapping[str, Any], points: float) -> Verdict:
    hidden = hidden_lines(source)
    parts = tuple(
        Part(topic, worth, not message, message, line in hidden) for topic, worth, message, line in said["parts"]
    )
    if said["failure"]:
        trace = f"\n{said['trace']}".rstrip() if said["trace"] else ""
        return Verdict(parts, said["failure"] + trace, said["line"] in hidden, 0.0)
    value = points if said["value"] is None else said["value"]
    return Verdict(parts, score=0.0 if math.isnan(value) else min(max(value, 0.0), points))


def _tests_outputs(said: Mapping[str, Any], verdict: Verdict, points: float) -> list[NotebookNode]:
    """Give a cell of tests the outputs from which nbgrader, too, reads the score."""
    outputs = [_new("stream", name="stdout", text=said["printed"])] if said["printed"] else []
    if verdict.failure:
        outputs.append(_error("Failed", verdict.failure))
    elif verdict.score != points:
        outputs.append(_new("execute_result", data={"text/plain": repr(verdict.score)}))
    return outputs


def _new(kind: str, **fields: Any) -> NotebookNode:
    made: NotebookNode = new_output(kind, **fields)
    return made


def _limits_hit(outputs: Sequence[NotebookNode], limits: Limits) -> Iterator[str]:
    """Say which limits a cell hit, as far as its outputs show it."""
    # IPython prints what it can't format, as when no file can be opened any more
    errors = [f"{one.get('ename')}: {one.get('evalue')} {str(one.get('text'))[-500:]}" for one in outputs]
    signs = {
        "TimeLimit:": f"it took longer than {limits.cell_seconds:g} seconds",
        "MemoryError": f"it asked for more than {limits.memory_gb:g} GB of memory",
        "[Errno 24]": f"it opened more than {limits.open_files} files",
        "[Errno 27]": f"it wrote a file of more than {limits.file_mb} MB",
        "[Errno 28]": f"it filled its space for files, {limits.file_mb} MB",
        "[Errno 11]": f"it started more than {limits.processes} processes or threads",
        "can't start new thread": f"it started more than {limits.processes} processes or threads",
    }
    yield from dict.fromkeys(said for sign, said in signs.items() if any(sign in error for error in errors))
    if any(CUT in str(one.get("text", "")) for one in outputs):
        yield f"it printed more than {limits.output:,} characters, of which the rest was cut"


def _skip(cell: NotebookNode, reason: str) -> None:
    cell.outputs = [_error("NotRun", reason)]
    if is_tests(cell):
        Verdict(failure=reason).attach(cell)


def _error(name: str, message: str) -> NotebookNode:
    return _new("error", ename=name, evalue=message, traceback=message.splitlines())


def _outputs(said: Any) -> list[NotebookNode]:
    """Take from what a student's process said only what an output may hold."""
    outputs = []
    for one in said[:_MOST_OUTPUTS] if isinstance(said, list) else []:
        kind = one.get("output_type") if isinstance(one, dict) else None
        if isinstance(kind, str) and kind in _FIELDS:
            fields = {name: _plain(one.get(name)) for name in _FIELDS[kind]}
            with contextlib.suppress(TypeError, ValueError, AttributeError):
                outputs.append(_new(kind, **fields))
    return outputs


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_MOST_IMAGE]
    if isinstance(value, list):
        return [_plain(one) for one in value[:100] if isinstance(one, str)]
    if isinstance(value, dict):
        pairs = list(value.items())[:20]
        return {key: text for key, text in pairs if isinstance(key, str) and isinstance(text, str) and _fits(text)}
    return None


def _writable(said: Any) -> Any:
    """Replace, in all texts of an answer, halves of surrogate pairs: Python's strings hold them, and no file does."""
    if isinstance(said, str):
        return said if said.isascii() else said.encode("utf-8", "replace").decode("utf-8")
    if isinstance(said, dict):
        return {_writable(key): _writable(value) for key, value in said.items()}
    return type(said)(map(_writable, said)) if isinstance(said, list | tuple) else said


def _fits(text: str) -> bool:
    return len(text) <= _MOST_IMAGE


def _phrases(said: Any) -> list[str]:
    """Take what is said of a cell, without what would speak to the instructor's terminal."""
    return [plain(one)[:300] for one in said[:50] if isinstance(one, str)] if isinstance(said, list) else []


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
