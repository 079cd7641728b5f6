"""The confined process that runs a student's cells and answers the judge's calls.

All of it is in the student's hands once her first cell has run. Nothing that it says is believed: outputs are only
ever shown, and traces only help a human.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import io
import resource
import select
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder import inside
from autograder.evidence import Audit, Snapshot
from autograder.limits import CUT
from autograder.standin import Host
from autograder.wire import Channel

_TRACEBACK_LINES = 40


class TimeLimit(BaseException):
    """Raised in the student's code when it has had its time."""


class Recorder:
    """Keeps what a cell shows, as nbformat's outputs, up to a number of characters."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.left = 0

    def begin(self, characters: int) -> None:
        """Forget the outputs of the cell before."""
        self.outputs, self.left = [], characters

    def write(self, name: str, text: str) -> None:
        """Keep what was printed, joined to what came just before on the same stream."""
        text = self._cut(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def show(self, data: dict[str, Any], *, result: bool = False) -> None:
        """Keep what was displayed; pictures count by their size in base64 divided by ten."""
        kept = {}
        for kind, value in data.items():
            text = base64.b64encode(value).decode() if isinstance(value, bytes) else value
            if isinstance(text, str):
                share = len(text) // 10 if kind.startswith("image/") else len(text)
                kept[kind] = text if share <= self.left else CUT
                self.left = max(self.left - share, 0)
        said: dict[str, Any] = {"output_type": "display_data", "data": kept, "metadata": {}}
        self.outputs.append(said | {"output_type": "execute_result", "execution_count": None} if result else said)

    def fail(self, kind: str, message: str, lines: list[str]) -> None:
        """Keep an exception."""
        traceback = [self._cut(line) for line in lines[-_TRACEBACK_LINES:]]
        said = {"output_type": "error", "ename": kind, "evalue": message[:2000], "traceback": traceback}
        self.outputs.append(said)

    def _cut(self, text: str) -> str:
        kept = text[: self.left]
        if len(kept) < len(text) and self.left:
            kept += f"\n{CUT}\n"
        self.left -= min(len(text), self.left)
        return kept


class _Stream(io.TextIOBase):
    def __init__(self, recorder: Recorder, name: str) -> None:
        self._recorder, self._name = recorder, name

    def write(self, text: str) -> int:
        self._recorder.write(self._name, str(text))
        return len(text)

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        self.shell.recorder.show(data)


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """There is none."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.recorder.show(format_dict, result=True)

    def finish_displayhook(self) -> None:
        """Nothing is printed after a result."""


class Shell(InteractiveShell):
    """An IPython shell that records what its cells show."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    recorder: Recorder

    def _tee(self, channel: str) -> AbstractContextManager[None]:  # type: ignore[override]
        """Keep no second copy of all that is printed, as IPython does for its history: it would have no bound."""
        return contextlib.nullcontext()

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        if etype is TimeLimit:
            stb = [str(evalue)]
        self.recorder.fail(etype.__name__, str(evalue), stb)


def make_shell() -> Shell:
    """Make the shell, before any submission is known."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell: Shell = Shell.instance(config=config)
    shell.recorder = Recorder()
    return shell


def serve(
    shell: Shell,
    control: Channel,
    standin: Channel,
    cell_seconds: float,
    output: int,
) -> None:
    """Run cells and answer the judge, whichever is asked for, until the grader closes its end.

    Parameters
    ----------
    shell : Shell
        Where the cells run.
    control, standin : Channel
        To the grader, and to the judge.
    cell_seconds : float
        How long a cell, or a call of the judge's, may take.
    output : int
        How many characters a cell may print.
    """
    gc.enable()
    audit = Audit()
    snapshot = Snapshot(shell)
    audit.start()
    host = Host(standin, shell.user_ns)
    while True:
        ready, _, _ = select.select([control.socket, standin.socket], [], [])
        if control.socket in ready:
            try:
                asked = control.receive(None)
            except ConnectionError:
                return
            if isinstance(asked, tuple):
                with limited(cell_seconds):
                    said = inside.run(asked[0], shell.user_ns, snapshot)
                control.send(said)
                continue
            source = str(asked)
            shell.recorder.begin(output)
            with limited(cell_seconds):
                run_cell(shell, source)
            used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
            said = {
                "outputs": shell.recorder.outputs,
                "evidence": audit.take() + snapshot.changes(),
                "cpu_seconds": sum(one.ru_utime + one.ru_stime for one in used),
                "memory": 1024 * max(one.ru_maxrss for one in used),
            }
            control.send(said)
        else:
            with limited(cell_seconds):
                host.serve_one()


def run_cell(shell: Shell, source: str) -> None:
    """Run one cell; what it shows and how it fails is with the shell's recorder."""
    streams = _Stream(shell.recorder, "stdout"), _Stream(shell.recorder, "stderr")
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        except TimeLimit as error:
            shell.recorder.fail("TimeLimit", str(error), [str(error)])
        except SystemExit:
            return


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Interrupt what takes too long, and again every second, in case it goes on."""

    def expire(*_: object) -> None:
        raise TimeLimit(f"This took longer than {seconds:g} seconds and was stopped.")

    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
