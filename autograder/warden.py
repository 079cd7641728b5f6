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
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from autograder import sandbox
from autograder.errors import CourseError
from autograder.kernels.parent import PATIENCE, generators, receive, send, warm
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


class Warden:
    """A connection to the warden for some libraries, which is started if it does not run. Threads may share it.

    It lives on for ten minutes after its last use, so that who grades again does not wait for the imports. What it has
    forked for a connection ends with that connection.

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
        self._lock = threading.Lock()
        self._ready = False
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment |= dict.fromkeys(_THREADS, "1")
        environment |= {"PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1", "MPLBACKEND": _BACKEND}
        directory = runtime_directory()
        address = str(directory / f"warden-{_key(modules, environment)}")
        with locked(directory):
            self._socket = connect(address) or _start(address, modules, environment)

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
        with theirs, self._lock:
            said = self._ask(asdict(order), [theirs.fileno(), standin.fileno()])
        if "pid" not in said:
            raise CourseError(f"No process for a submission: {said['error']}")
        channel = Channel(ours)
        try:
            problem = channel.receive(_START_SECONDS)
        except (ConnectionError, TimeoutError, WireError) as error:
            raise CourseError(f"The process for a submission did not start ({error}).") from error
        if problem != "ready":
            raise CourseError(str(problem))
        return channel, int(said["pid"])

    def status(self, pid: int) -> int | None:
        """Return the exit status of a process that has ended, as :func:`sandbox.spawn` gives it; None if it has not."""
        end = time.monotonic() + _STATUS_SECONDS
        status = None
        while status is None and time.monotonic() < end:
            with self._lock:
                status = self._ask({"status": pid}, [])["status"]
            if status is None:
                time.sleep(0.02)
        return status

    def _ask(self, message: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        try:
            if not self._ready:
                problem = receive(self._socket)[0]["problem"]
                if problem:
                    raise CourseError(problem)
                self._ready = True
            send(self._socket, message, descriptors)
            return receive(self._socket)[0]
        except OSError as error:
            raise CourseError(f"The process that forks submissions has ended ({error}).") from error

    def close(self) -> None:
        """Let go of the warden, and end all that it has forked for this connection."""
        self._socket.close()


def _key(modules: Sequence[str], environment: dict[str, str]) -> str:
    """Return what tells one warden from another: its libraries, as they are installed, and the grader's code."""
    installed = [Path(sysconfig.get_path(name)).stat().st_mtime_ns for name in ("purelib", "platlib")]
    said = [sys.executable, sorted(modules), environment, installed, grader()]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _start(address: str, modules: Sequence[str], environment: dict[str, str]) -> socket.socket:
    """Start a warden and connect to it; the connection waits until it has imported the libraries."""
    Path(address).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        command = [sys.executable, "-m", "autograder.warden", str(listener.fileno()), address, *modules]
        # It leaves this process at once, so that nobody need wait for its end.
        subprocess.run(
            command,
            pass_fds=[listener.fileno()],
            env=environment,
            cwd="/",
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
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


class _Server:
    """The warden itself; one thread."""

    def __init__(self, listener: socket.socket, address: str, modules: Sequence[str]) -> None:
        self.listener, self.address = listener, address
        self.clients: dict[socket.socket, _Client] = {}
        self.problem = ""
        self.seeds: list[Any] = []
        try:
            self.prepare(modules)
        except Exception as error:  # noqa: BLE001  # a library may fail in any way; whoever asks is told
            self.problem = f"The libraries of the lab can't be imported: {type(error).__name__}: {error}"
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, self.accept)
        self.wakeup, waker = socket.socketpair()
        self.wakeup.setblocking(False)
        waker.setblocking(False)
        self.waker = waker
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        self.selector.register(self.wakeup, selectors.EVENT_READ, self.reap)

    def prepare(self, modules: Sequence[str]) -> None:
        """Import everything that a student's process and a judge's need."""
        from autograder import judge
        from autograder.student import make_shell

        sandbox.layers()
        gc.disable()
        warm(modules)
        self.seeds = generators()
        self.shell, self.judge = make_shell(), judge
        gc.collect()
        gc.freeze()  # a collection in a child would else write to, and so copy, every page of the warden's objects

    def serve(self) -> None:
        """Serve until nobody has been connected for a while."""
        while events := self.selector.select(None if self.clients else IDLE):
            for key, _ in events:
                key.data()
            if self.problem and not self.clients:
                break
        Path(self.address).unlink(missing_ok=True)

    def accept(self) -> None:
        connection, _ = self.listener.accept()
        connection.settimeout(PATIENCE)
        self.clients[connection] = _Client()
        self.selector.register(connection, selectors.EVENT_READ, partial(self.answer, connection))
        with contextlib.suppress(OSError):
            send(connection, {"problem": self.problem})

    def answer(self, connection: socket.socket) -> None:
        client = self.clients[connection]
        descriptors: list[int] = []
        try:
            said, descriptors = receive(connection)
            if "status" in said:
                answer: dict[str, Any] = {"status": client.statuses.pop(said["status"], None)}
            else:
                answer = self.fork(said, descriptors, client)
            send(connection, answer)
        except OSError:
            self.dismiss(connection)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def fork(self, said: dict[str, Any], descriptors: list[int], client: _Client) -> dict[str, Any]:
        try:
            pid = _fork(said, descriptors, self.seeds, self.shell)
        except OSError as error:
            return {"error": str(error)}
        client.children.add(pid)
        return {"pid": pid}

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
                pid, status = ended
                code = os.waitstatus_to_exitcode(status)
                for client in self.clients.values():
                    if pid in client.children:
                        client.children.discard(pid)
                        client.statuses[pid] = code if code >= 0 else 128 - code
                        while len(client.statuses) > _STATUSES:
                            del client.statuses[next(iter(client.statuses))]


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
            student.serve(shell, control, standin, readable, limits.cell_seconds, limits.output)
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
