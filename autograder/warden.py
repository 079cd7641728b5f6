"""The warden: a process that has imported the libraries, and forks confined processes for grading.

It holds libraries only: no lab, no test, no solution. Whoever grades asks it for a process, as *student* or as
*judge*, and then talks to that process alone, so that nothing of a test is ever in the memory of a process that a
student's process is forked from.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from autograder import sandbox
from autograder.errors import CourseError
from autograder.evidence import WATCHED
from autograder.kernels.parent import PATIENCE, PR_SET_PDEATHSIG, generators, prctl, receive, send, warm
from autograder.kernels.provisioner import connect, locked, runtime_directory
from autograder.key import grader
from autograder.limits import Limits
from autograder.sandbox import Policy
from autograder.wire import Channel, WireError

#: One thread a library: submissions run side by side, and the same sum must come out each time.
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_BACKEND = "module://matplotlib_inline.backend_inline"
#: How long a warden lives on without anyone connected, in seconds.
IDLE = 600.0
_KEPT = ("PATH", "HOME", "LANG", "PYTHONPATH", "LD_LIBRARY_PATH")
_START_SECONDS = 300
_MOST_ANSWER = 64 * 2**20  # bytes that a process may answer with: reading more would slow the others down
_STATUS_SECONDS = 1.0
_STATUSES = 1000  # how many are kept for whoever asks
_SEED = 219


@dataclass(frozen=True)
class Order:
    """What is asked of the warden.

    Parameters
    ----------
    role : {'student', 'judge'}
        What the process is for.
    folder : str
        Its private folder.
    readable : tuple of str
        What else it may read, beside the libraries.
    limits : Limits
        What it may use.
    unsafe : bool
        Whether it may run with fewer layers than the sandbox asks for.
    """

    role: str
    folder: str
    readable: tuple[str, ...]
    limits: Limits
    unsafe: bool = False


class _Forker:
    """The connection to a process that forks others. Threads may share it."""

    def __init__(self, connection: socket.socket) -> None:
        self._lock = threading.Lock()
        self._socket = connection

    def fork(self, order: Order, standin: socket.socket) -> tuple[Channel, int]:
        """Ask for a process; return the channel to it and the number of the process to kill.

        Parameters
        ----------
        order : Order
            What for.
        standin : socket
            Its end of the pipe between student and judge.

        Raises
        ------
        CourseError
            If the process could not be made; the message says why.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            said = self._ask(asdict(order), [theirs.fileno(), standin.fileno()])
        if "pid" not in said:
            raise CourseError(f"No process for a submission: {said['error']}")
        channel = Channel(ours, _MOST_ANSWER)
        try:
            problem = channel.receive(_START_SECONDS)
        except (ConnectionError, TimeoutError, WireError) as error:
            raise CourseError(f"The process for a submission did not start: {self._last_words() or error}") from error
        if problem != "ready":
            raise CourseError(str(problem))
        return channel, int(said["pid"])

    def status(self, pid: int) -> int | None:
        """Return the exit status of a process that has ended, as :func:`sandbox.spawn` gives it; None if it has not."""
        end = time.monotonic() + _STATUS_SECONDS
        status = None
        while status is None and time.monotonic() < end:
            status = self._ask({"status": pid}, [])["status"]
            if status is None:
                time.sleep(0.02)
        return status

    def close(self) -> None:
        """Let go of the process, and end all that it has forked for this connection."""
        self._socket.close()

    def _ask(self, message: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        try:
            with self._lock:
                self._await()
                send(self._socket, message, descriptors)
                return receive(self._socket)[0]
        except OSError as error:
            raise CourseError(f"The process that forks submissions has ended ({error}).") from error

    def _await(self) -> None:
        """Wait until it can be asked."""

    def _last_words(self) -> str:
        """Return the last that a process said before a submission's code could run in it."""
        return ""


class Prelude(_Forker):
    """The connection to a process in which the lab's own cells have run, and from which submissions are forked.

    Attributes
    ----------
    problem : str
        Why it can't serve, or nothing.
    outputs : list
        What each of the cells has shown, as nbformat's outputs.
    """

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection)
        try:
            said = receive(connection)[0]
        except OSError:
            said = {"problem": "it ended while it ran the cells", "outputs": []}
        self.problem, self.outputs = str(said["problem"]), list(said["outputs"])


class Warden(_Forker):
    """The connection to the warden for some libraries, which is started if it does not run.

    It and its preludes live on for ten minutes after their last use, so that who grades again waits neither for the
    imports nor for the lab's own cells. What was forked for a connection ends with that connection.

    Parameters
    ----------
    modules : sequence of str
        The libraries that it imports.

    Raises
    ------
    CourseError
        If one of them can't be imported.
    """

    def __init__(self, modules: Sequence[str]) -> None:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment |= dict.fromkeys(_THREADS, "1")
        environment |= {"PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1", "MPLBACKEND": _BACKEND}
        self._address = str(runtime_directory() / f"warden-{_key(modules, environment)}")
        with locked(self._address):
            super().__init__(connect(self._address) or _start(self._address, modules, environment))
        self._ready = False
        self._preludes: dict[tuple[str, ...], Prelude] = {}
        self._making = threading.Lock()

    def prelude(self, sources: tuple[str, ...], limits: Limits, readable: Sequence[Path] = ()) -> Prelude | None:
        """Return a process in which the lab's own cells have run, made unless it is there already.

        Parameters
        ----------
        sources : tuple of str
            The cells, in order.
        limits : Limits
            What a cell may take and print.
        readable : sequence of Path
            Files and folders that the cells may use; if one of them changes, the cells run anew.

        Returns
        -------
        Prelude or None
            None if there can be none for these cells, because they fail, leave threads, processes or files.
        """
        with self._making:
            if sources not in self._preludes:
                order = {"prelude": sources, "limits": asdict(limits), "files": _stamps(readable)}
                address = self._ask(order, [])["address"]
                connection = connect(address)
                if connection is None:
                    raise CourseError("The process that runs the lab's own cells does not start.")
                self._preludes[sources] = Prelude(connection)
            made = self._preludes[sources]
        return None if made.problem else made

    def _last_words(self) -> str:
        lines = Path(f"{self._address}.log").read_text("utf-8", "replace").splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        """Let go of the warden and of the preludes, and end the submissions that were forked."""
        for made in self._preludes.values():
            made.close()
        super().close()

    def _await(self) -> None:
        if not self._ready:
            problem = receive(self._socket)[0]["problem"]
            if problem:
                raise CourseError(problem)
            self._ready = True


def _key(modules: Sequence[str], environment: dict[str, str]) -> str:
    """Return what tells one warden from another: its libraries, as they are installed, and the grader's code."""
    installed = [Path(sysconfig.get_path(name)).stat().st_mtime_ns for name in ("purelib", "platlib")]
    said = [sys.executable, sorted(modules), environment, installed, grader()]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _stamps(paths: Sequence[Path]) -> list[str]:
    """Return what changes when a file does."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    return sorted(f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files if file.suffix != ".pyc")


def _start(address: str, modules: Sequence[str], environment: dict[str, str]) -> socket.socket:
    """Start a warden and connect to it; the connection waits until it has imported the libraries."""
    Path(address).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        command = [sys.executable, "-m", "autograder.warden", str(listener.fileno()), address, *modules]
        # It leaves this process at once, so that nobody need wait for its end.
        with Path(f"{address}.log").open("ab") as log:
            subprocess.run(
                command,
                pass_fds=[listener.fileno()],
                env=environment,
                cwd="/",
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                check=True,
            )
    connection = connect(address)
    if connection is None:
        raise CourseError("The process that forks submissions does not start.")
    return connection


@dataclass
class _Client:
    """Whoever is connected: what was forked for it, and what became of that."""

    children: set[int] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)

    def note(self, pid: int, status: int) -> None:
        """Keep how a process ended, if it is one of its own."""
        if pid in self.children:
            self.children.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            self.statuses[pid] = code if code >= 0 else 128 - code
            while len(self.statuses) > _STATUSES:
                del self.statuses[next(iter(self.statuses))]


class _Service:
    """A process that forks others for whoever connects; one thread.

    Parameters
    ----------
    shell : Shell
        Where a student's cells run, in the forks.
    seeds : list
        Generators of random numbers, set anew in each fork.
    listener : socket
        Where to wait for those who connect.
    address : str
        Its path.
    greeting : dict
        The first word to whoever connects. With a "problem" in it, nothing can be forked.
    """

    def __init__(
        self, shell: Any, seeds: list[Any], listener: socket.socket, address: str, greeting: dict[str, Any]
    ) -> None:
        self.shell, self.seeds = shell, seeds
        self.listener, self.address, self.greeting = listener, address, greeting
        self.clients: dict[socket.socket, _Client] = {}
        self.selector = selectors.DefaultSelector()
        self.wakeup, self.waker = socket.socketpair()
        self.wakeup.setblocking(False)
        self.waker.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)
        self.selector.register(self.wakeup, selectors.EVENT_READ, self.reap)
        self.selector.register(listener, selectors.EVENT_READ, self.accept)

    def accept(self) -> None:
        """Take somebody on, and say the first word."""
        connection, _ = self.listener.accept()
        connection.settimeout(PATIENCE)
        self.clients[connection] = _Client()
        self.selector.register(connection, selectors.EVENT_READ, partial(self.answer, connection))
        with contextlib.suppress(OSError):
            send(connection, self.greeting)

    def serve(self) -> None:
        """Serve until nobody has been connected for a while; with a problem, for whoever hears of it first."""
        idle = 1.0 if self.greeting["problem"] else IDLE
        while events := self.selector.select(None if self.clients else idle):
            for key, _ in events:
                key.data()
        Path(self.address).unlink(missing_ok=True)

    def answer(self, connection: socket.socket) -> None:
        client = self.clients[connection]
        descriptors: list[int] = []
        try:
            said, descriptors = receive(connection)
            if "status" in said:
                send(connection, {"status": client.statuses.pop(said["status"], None)})
            else:
                send(connection, self.make(said, descriptors, client))
        except OSError:
            self.dismiss(connection)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def make(self, said: dict[str, Any], descriptors: list[int], client: _Client) -> dict[str, Any]:
        try:
            pid = _fork(said, descriptors, self.seeds, self.shell)
        except OSError as error:
            return {"error": str(error)}
        client.children.add(pid)
        return {"pid": pid}

    def abandon(self) -> None:
        """Let go, in a child, of all that is the parent's."""
        signal.set_wakeup_fd(-1)
        self.waker.close()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self.selector.close()

    def dismiss(self, connection: socket.socket) -> None:
        """Let a client go that has closed its connection, and end what was forked for it."""
        self.selector.unregister(connection)
        connection.close()
        for pid in self.clients.pop(connection).children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self.wakeup.recv(4096):
                pass
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                for client in self.clients.values():
                    client.note(*ended)


class _Server(_Service):
    """The warden itself.

    Parameters
    ----------
    listener : socket
        Where to wait for those who connect.
    address : str
        Its path.
    modules : sequence of str
        The libraries to import.
    """

    def __init__(self, listener: socket.socket, address: str, modules: Sequence[str]) -> None:
        problem = ""
        shell: Any = None
        seeds: list[Any] = []
        try:
            shell, seeds = _prepare(modules)
        except Exception as error:  # noqa: BLE001  # a library may fail in any way; whoever asks is told
            problem = f"The libraries of the lab can't be imported: {type(error).__name__}: {error}"
        super().__init__(shell, seeds, listener, address, {"problem": problem})

    def make(self, said: dict[str, Any], descriptors: list[int], client: _Client) -> dict[str, Any]:
        """Fork what is asked for: a student, a judge, or a prelude."""
        return {"address": self.prelude(said)} if "prelude" in said else super().make(said, descriptors, client)

    def prelude(self, said: dict[str, Any]) -> str:
        """Return the address of the process in which the lab's own cells have run, forked unless it is there."""
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
        address = f"{self.address}-{digest}"
        if there := connect(address):
            there.close()
            return address
        Path(address).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen(64)
        if os.fork() == 0:
            status = 1
            try:
                prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                self.abandon()
                _be_prelude(said, listener, address, self.shell, self.seeds)
                status = 0
            finally:
                os._exit(status)
        listener.close()
        return address


def _prepare(modules: Sequence[str]) -> tuple[Any, list[Any]]:
    """Import all that a student's process and a judge's need; return the shell and the random generators."""
    from autograder import student

    sandbox.layers()
    gc.disable()
    packages = {name.partition(".")[0] for name in modules}
    warm(["autograder.judge", *modules, *(name for name in WATCHED if name.partition(".")[0] in packages)])
    seeds = generators()
    shell = student.make_shell()
    _freeze()
    return shell, seeds


def _freeze() -> None:
    """Let no collection in a child write to, and so copy, every page of this process's objects."""
    gc.collect()
    gc.freeze()


def _be_prelude(said: dict[str, Any], listener: socket.socket, address: str, shell: Any, seeds: list[Any]) -> None:
    """Run the lab's own cells, and fork submissions from what they leave."""
    from autograder import student

    limits = Limits(**said["limits"])
    with tempfile.TemporaryDirectory(prefix="course-prelude-") as folder:
        os.chdir(folder)
        gc.enable()
        for generator in seeds:
            _reseed(generator)
        outputs = []
        for source in said["prelude"]:
            shell.recorder.begin(limits.output)
            with student.limited(limits.cell_seconds):
                student.run_cell(shell, source)
            outputs.append(shell.recorder.outputs)
        gc.disable()
        problem = "a cell fails" if any(one["output_type"] == "error" for cell in outputs for one in cell) else ""
        problem = problem or ("the cells leave files" if any(Path(folder).iterdir()) else "")
        problem = problem or ("the cells leave threads" if len(list(Path("/proc/self/task").iterdir())) > 1 else "")
        problem = problem or ("the cells leave processes" if _has_children() else "")
        os.chdir("/")
    _freeze()
    _Service(shell, seeds, listener, address, {"problem": problem, "outputs": outputs}).serve()


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def main() -> None:
    """Be the warden, in a process of its own."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    if os.fork():
        os._exit(0)
    _Server(listener, sys.argv[2], sys.argv[3:]).serve()


def _fork(said: dict[str, Any], descriptors: list[int], seeds: list[Any], shell: Any) -> int:
    limits = Limits(**said["limits"])
    readable = tuple(map(Path, said["readable"]))
    policy = Policy(
        folder=Path(said["folder"]),
        readable=readable,
        cpu_seconds=limits.cpu_seconds,
        memory=int(limits.memory_gb * 1e9),
        processes=limits.processes,
        open_files=limits.open_files,
        file_size=limits.file_mb * 10**6,
        require=not said["unsafe"],
    )

    def become() -> int:
        from autograder import judge, student

        # What C code or a process of the student's prints must not reach the instructor's terminal
        silent = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silent, stream)
        for generator in seeds:
            _reseed(generator)
        os.environ["MPLBACKEND"] = _BACKEND
        control, standin = (Channel(socket.socket(fileno=number)) for number in descriptors)
        control.send("ready")
        if said["role"] == "student":
            student.serve(shell, control, standin, limits.cell_seconds, limits.output)
        else:
            judge.serve(control, standin, limits.cell_seconds + 5)
        return 0

    return sandbox.spawn(policy, become, keep=descriptors)


def _reseed(generator: Any) -> None:
    """Give whoever grades again the same random numbers."""
    if hasattr(generator, "manual_seed"):
        generator.manual_seed(_SEED)
    else:
        generator.seed(_SEED)


if __name__ == "__main__":
    main()
