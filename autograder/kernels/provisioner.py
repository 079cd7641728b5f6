"""The kernel provisioner that takes kernels from a warm parent."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import json
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from . import parent

KERNEL_NAME = "warm-python3"
IDLE = 600.0  # seconds
# An executed notebook needs no history, and kernels that run at once would wait for each other's.
HISTORY = "--HistoryManager.hist_file=:memory:"

# What the parent is given of a kernel's environment: what an interpreter or a library reads when it starts. All else is
# the kernel's alone, and no secret reaches a process that outlives it. Kernels share a parent only if they agree on
# every one of these. TMPDIR is not among them, so that each kernel may have its own.
ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LANGUAGE",
    "LC_*",
    "TZ",
    "LD_*",
    "PYTHON*",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "IPYTHONDIR",
    "MPLBACKEND",
    "MPLCONFIGDIR",
    "XDG_*_HOME",
    "HF_HOME",
    "HF_HUB_CACHE",
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "TORCH_HOME",
    "*_NUM_THREADS",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Origin:
    """What a kernel comes from; kernels of one origin share a parent.

    Attributes
    ----------
    python : str
        Path of the interpreter.
    options : tuple of str
        Options of the interpreter.
    modules : tuple of str
        Modules that the parent imports.
    environment : dict
        Environment in which it imports them.
    """

    python: str
    options: tuple[str, ...]
    modules: tuple[str, ...]
    environment: dict[str, str]

    @property
    def address(self) -> str:
        """Path of the Unix socket on which the parent listens."""
        key = hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
        return str(runtime_directory() / key[:16])


class Process:
    """A forked kernel, with the part of `subprocess.Popen`'s interface that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection

    def _listen(self, timeout: float | None) -> bool:
        """Hear one message; False if none comes within the timeout, in seconds."""
        self._connection.settimeout(timeout)
        try:
            message, _ = parent.receive(self._connection)
        except (BlockingIOError, TimeoutError):
            return False
        except ConnectionError:
            # The parent was killed, and the system kills its kernels; what they started is left to us.
            message = {"exit": -signal.SIGKILL}
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        if "exit" in message:
            self._connection.close()
            self.returncode = message["exit"]
        return True

    def await_start(self) -> None:
        """Wait until the kernel has bound its sockets, or has ended."""
        self._listen(None)

    def poll(self) -> int | None:
        """Exit status, negative for a signal; None while the kernel runs."""
        if self.returncode is None:
            self._listen(0)
        return self.returncode

    def wait(self) -> int:
        """Wait for the end and give the exit status."""
        while self.returncode is None:
            self._listen(None)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it has started, unless it has ended."""
        if self.poll() is None:
            os.killpg(self.pid, signum)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


class WarmProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts IPython kernels by forking a process that has imported the heavy libraries.

    A kernel specification asks for it in its metadata, see `warm_kernel_spec`. The first kernel of a kind starts the
    parent, which takes as long as the imports; the next take a fraction of a second. Several processes may ask one
    parent for kernels. It ends when the last of them has ended, or after ten minutes without a kernel.

    A kernel dies with the process that asked for it, with its parent, and with the connection between the two; whatever
    it has started dies with it. Its streams, environment, working directory, umask and random state are its own.
    Where no process can be forked, the kernel is an ordinary one, and a warning says so once.

    Attributes
    ----------
    modules : list of str
        Modules that the parent imports.
    """

    modules = List(Unicode())
    ip: str | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the sockets, write the connection file and complete the environment."""
        if can_fork():
            # A restarted kernel keeps its sockets, as its clients do.
            self.ip = self.ip or str(runtime_directory() / secrets.token_hex(8))
            manager = self.parent
            manager.transport, manager.ip, manager.cache_ports = "ipc", self.ip, False
        prepared: dict[str, Any] = await super().pre_launch(**kwargs)
        return prepared

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel and wait until it listens.

        Parameters
        ----------
        cmd : list of str
            Command line of an ordinary IPython kernel: ``python [options] -m ipykernel_launcher [arguments]``.
        **kwargs
            Of the arguments of `subprocess.Popen`: env, cwd, stdin, stdout and stderr (descriptors, files or DEVNULL).

        Raises
        ------
        ValueError
            The command runs no IPython kernel, or a pipe is asked for.
        TypeError
            Another argument of `subprocess.Popen` is given.
        RuntimeError
            The parent cannot be started; the message holds the traceback.
        """
        if not can_fork():
            warn_once()
            return await super().launch_kernel(cmd, **kwargs)
        kwargs.pop("kernel_id", None)
        # Starting the parent takes seconds, in which the caller's event loop must go on.
        self.process = await asyncio.to_thread(fork_kernel, cmd, self.modules, str(self.ip), **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait for the kernel that has been asked to shut down: its manager would look only ten times a second."""
        await self._await_exit()

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and what it has started."""
        await super().kill(restart)
        await self._await_exit()

    async def _await_exit(self) -> None:
        deadline = time.monotonic() + 0.5
        while self.has_process and await self.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(0.005)


def can_fork() -> bool:
    """Whether kernels can be forked here: on Linux. macOS has a fork, but its system libraries do not survive one."""
    return hasattr(os, "fork") and sys.platform == "linux"


@functools.cache
def warn_once() -> None:
    """Say that kernels are ordinary ones here."""
    log.warning("This system cannot fork warm kernels; ordinary kernels serve instead and import their own libraries.")


def runtime_directory() -> Path:
    """Give the user's private folder for sockets, made if need be.

    Raises
    ------
    PermissionError
        It belongs to somebody else, or others may enter it.
    """
    directory = Path(tempfile.gettempdir()) / f"warm-kernels-{os.getuid()}"
    directory.mkdir(mode=0o700, exist_ok=True)
    status = directory.lstat()
    if status.st_uid != os.getuid() or status.st_mode & 0o77:
        raise PermissionError(f"{directory} must belong to you alone: remove it, or set TMPDIR to another folder")
    return directory


def start_parent(modules: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Start the parent of kernels with these modules, unless it runs, and use it as long as this process lives.

    Kernels start it themselves; a process whose workers run the kernels calls this so that the parent outlives them.

    Parameters
    ----------
    modules : sequence of str
        As in the kernel specification.
    environment : mapping, optional
        The environment of the kernels; by default that of this process.

    Returns
    -------
    int
        Number of the parent's process.

    Raises
    ------
    RuntimeError
        The parent cannot be started; the message holds the traceback.
    """
    origin = origin_of([sys.executable], modules, os.environ if environment is None else environment)
    connection, answer = ask(origin, {"argv": None}, ())
    connection.close()
    return int(answer["pid"])


def origin_of(interpreter: Sequence[str], modules: Sequence[str], environment: Mapping[str, str]) -> Origin:
    """Reduce an interpreter's command line, modules and a kernel's environment to what a parent is started with."""
    kept = {
        name: value
        for name, value in environment.items()
        if any(fnmatch(name, pattern) for pattern in ENVIRONMENT) and name != "PYTHONEXECUTABLE"
    }
    # As ipykernel has it, too late for a library that is already imported.
    kept["MPLBACKEND"] = kept.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"
    return Origin(interpreter[0], tuple(interpreter[1:]), tuple(sorted(modules)), kept)


def fork_kernel(
    cmd: list[str],
    modules: Sequence[str],
    sockets: str,
    *,
    env: dict[str, str],
    cwd: str | os.PathLike[str] | None = None,
    stdin: Any = None,
    stdout: Any = None,
    stderr: Any = None,
) -> Process:
    """Fork a kernel and wait until it listens; see `WarmProvisioner.launch_kernel`."""
    launcher = cmd.index("ipykernel_launcher") if "ipykernel_launcher" in cmd else 0
    if launcher < 2 or cmd[launcher - 1] != "-m":
        raise ValueError(f"a warm kernel runs 'python -m ipykernel_launcher', not {' '.join(cmd)!r}")
    origin = origin_of(cmd[: launcher - 1], modules, env)
    request = {
        "argv": cmd[launcher + 1 :],
        "env": env,
        "cwd": os.fspath(cwd or Path.cwd()),
        "umask": _umask(),
        "sockets": sockets,
    }
    with Path(os.devnull).open("r+b") as null:
        devnull = null.fileno()
        streams = zip((stdin, stdout, stderr), (devnull, 1, 2), strict=True)
        descriptors = [_descriptor(stream, default, devnull) for stream, default in streams]
        connection, answer = ask(origin, request, descriptors)
    process = Process(answer["pid"], connection)
    process.await_start()
    return process


def _descriptor(stream: Any, default: int, devnull: int) -> int:
    if stream is None:
        return default
    if stream == subprocess.DEVNULL:
        return devnull
    if stream in (subprocess.PIPE, subprocess.STDOUT):
        raise ValueError("a warm kernel writes to files and descriptors, not to subprocess.PIPE or STDOUT")
    return stream if isinstance(stream, int) else int(stream.fileno())


def _umask() -> int:
    # os.umask can only be read by setting it, which other threads would notice.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Umask:")), 8)


def ask(origin: Origin, request: dict[str, Any], descriptors: Sequence[int]) -> tuple[socket.socket, dict[str, Any]]:
    """Send a request to the parent, started if need be; give the connection and the answer."""
    problem: ConnectionError | None = None
    for _ in range(3):
        connection = connect(origin.address) or start(origin)
        try:
            parent.send(connection, request, descriptors)
            answer, _ = parent.receive(connection)
        except ConnectionError as error:
            # The parent was about to end; the next try starts another.
            connection.close()
            problem = error
            continue
        if "error" in answer:
            connection.close()
            raise RuntimeError(f"the warm parent cannot fork a kernel: {answer['error']}")
        return connection, answer
    raise RuntimeError("the warm parent ends as soon as it is asked for a kernel; is memory short?") from problem


def connect(address: str) -> socket.socket | None:
    """Connect to a parent, if one listens."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(address)
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    return connection


def start(origin: Origin) -> socket.socket:
    """Start a parent and connect to it; to the one that another process or thread has started meanwhile, if any."""
    with locked(origin.address):
        if connection := connect(origin.address):
            return connection
        reader, writer = os.pipe()
        settings = parent.Settings(origin.address, list(origin.modules), os.getpid(), IDLE, writer)
        try:
            # The parent leaves this process at once, so that nobody need wait for its end.
            subprocess.run(
                [origin.python, *origin.options, parent.__file__, json.dumps(asdict(settings))],
                check=True,
                cwd="/",
                env=origin.environment,
                pass_fds=[writer],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(writer)
        with os.fdopen(reader) as report:
            line = report.readline()
        problem = json.loads(line) if line else "it was killed while it imported the modules\n"
        if problem or not (connection := connect(origin.address)):
            raise RuntimeError(f"the warm parent of {', '.join(origin.modules)} does not start:\n{problem}")
        return connection


@contextlib.contextmanager
def locked(address: str) -> Iterator[None]:
    """Let one process or thread at a time start what listens at an address; starting others goes on meanwhile."""
    import fcntl  # not on Windows, where this module serves ordinary kernels

    descriptor = os.open(f"{address}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        # To close is not enough: a process forked meanwhile by another thread holds the descriptor too.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def warm_kernel_spec(directory: str | os.PathLike[str], modules: Sequence[str]) -> str:
    """Write a specification of warm kernels.

    Parameters
    ----------
    directory : path
        A folder of JUPYTER_PATH; the specification goes to ``kernels/warm-python3`` in it.
    modules : sequence of str
        Modules that the parent imports, for instance those that `imports.imports_of` finds.

    Returns
    -------
    str
        The kernel's name.
    """
    specification = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}", HISTORY],
        "display_name": "Python 3 (warm)",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": "warm", "config": {"modules": sorted(modules)}}},
    }
    folder = Path(directory) / "kernels" / KERNEL_NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps(specification, indent=1))
    return KERNEL_NAME
