"""The warm parent: a process that has imported the heavy libraries and forks kernels.

The file is run by its path, in the interpreter of the kernels, and needs nothing but the standard library and
ipykernel. A kernel that is forked differs from a fresh one in what is fixed when an interpreter starts or a library is
imported: the hash seed, the interpreter's flags, and whatever an import reads from the environment. Those variables are
the parent's own (`provisioner.ENVIRONMENT`), and kernels that differ in one of them get another parent. Resource
limits, CPU affinity and control groups are those of the process that started the parent.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import multiprocessing
import os
import random
import selectors
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

# Imported by every kernel before its first cell, so better imported once.
KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "psutil",
    "tornado.platform.asyncio",
)
# When imported they look for the running kernel, which the parent has not, so a kernel must import them anew.
NOTEBOOK_AWARE = ("tqdm.autonotebook", "tqdm.auto", "matplotlib_inline.backend_inline")

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 10.0  # seconds that a client has to say what it wants


@dataclass(frozen=True)
class Settings:
    """How a parent is started.

    Attributes
    ----------
    address : str
        Path of the Unix socket on which it listens.
    modules : list of str
        Modules to import.
    owner : int
        Process that started it, its first user.
    idle : float
        Seconds without a kernel after which it ends.
    report : int
        File descriptor to which it writes, once, that it is ready or why it is not.
    """

    address: str
    modules: list[str]
    owner: int
    idle: float
    report: int


@dataclass
class Kernel:
    """A forked kernel, from its fork until its client has heard of its end."""

    pid: int
    user: int
    sockets: str
    connection: socket.socket | None
    status: int | None = None


class Stream:
    """Stands for ``sys.stdout`` or ``sys.stderr`` while libraries are imported.

    Libraries keep the stream that they find at import, in log handlers and default arguments. In a kernel that must be
    the kernel's own stream, so what they find is a name for whatever `target` is at the time.
    """

    def __init__(self, target: Any) -> None:
        self.target = target

    def __getattr__(self, name: str) -> Any:
        return getattr(self.target, name)


def send(connection: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send a message, and file descriptors with it, over a Unix socket."""
    data = json.dumps(message).encode()
    frame = len(data).to_bytes(4, "big") + data
    sent = socket.send_fds(connection, [frame], descriptors)
    if rest := frame[sent:]:  # nothing, too, cannot be sent to who has answered and gone
        connection.sendall(rest)


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Receive a message and the file descriptors that came with it.

    Raises
    ------
    ConnectionError
        The other side has closed the connection.
    TimeoutError, BlockingIOError
        Nothing came within the connection's timeout.
    """
    head, descriptors, _, _ = socket.recv_fds(connection, 4, 3)
    timeout = connection.gettimeout()
    connection.settimeout(PATIENCE)
    wanted, data = int.from_bytes(head, "big"), b""
    while head and len(data) < wanted and (part := connection.recv(wanted - len(data))):
        data += part
    connection.settimeout(timeout)
    if not head or len(data) < wanted:
        raise ConnectionResetError("the other side has closed the connection")
    return json.loads(data), descriptors


def prctl(option: int, value: int) -> None:
    """Set a property of this process, see prctl(2)."""
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl failed")


class Parent:
    """Forks kernels for its users and tells them of their ends; one thread, no library of its own.

    It ends when the last of its users (the processes that have asked it for a kernel) has ended, or after `idle`
    seconds without a kernel. With it end all its kernels: an orderly end kills them and what they started; if it is
    killed itself, the system kills the kernels, and the next launch starts a new parent.

    Parameters
    ----------
    settings : Settings
    fork : callable
        Called in a forked child with the request, its file descriptors and the connection; never returns.
    """

    def __init__(self, settings: Settings, fork: Callable[[dict[str, Any], list[int], socket.socket], None]) -> None:
        self.settings = settings
        self.fork = fork
        self.kernels: dict[int, Kernel] = {}
        self.users: dict[int, int] = {}
        self.used = time.monotonic()
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX)
        Path(settings.address).unlink(missing_ok=True)
        self.listener.bind(settings.address)
        self.listener.listen(128)
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        self.wakeup, self.waker = socket.socketpair()
        self.wakeup.setblocking(False)
        self.waker.setblocking(False)
        self.selector.register(self.wakeup, selectors.EVENT_READ, self._reap)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        self._admit(settings.owner)

    def serve(self) -> None:
        """Serve until nobody is left to serve."""
        try:
            while self.users and (left := self.used + self.settings.idle - time.monotonic()) > 0:
                for key, _ in self.selector.select(left):
                    key.data()
                if self.kernels:
                    self.used = time.monotonic()
        finally:
            self._close()

    def _admit(self, user: int) -> None:
        if user not in self.users:
            # A descriptor of the process, unlike its number, cannot come to mean another process.
            self.users[user] = os.pidfd_open(user)
            self.selector.register(self.users[user], selectors.EVENT_READ, partial(self._dismiss, user))

    def _dismiss(self, user: int) -> None:
        descriptor = self.users.pop(user)
        self.selector.unregister(descriptor)
        os.close(descriptor)
        for kernel in list(self.kernels.values()):
            if kernel.user == user:
                self._forget(kernel)

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        try:
            user, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
            self._admit(user)
            connection.settimeout(PATIENCE)
            request, descriptors = receive(connection)
        except OSError:
            connection.close()
            return
        if request["argv"] is None:
            with contextlib.suppress(OSError), connection:
                send(connection, {"pid": os.getpid()})
            return
        try:
            pid = os.fork()
        except OSError as error:
            with contextlib.suppress(OSError), connection:
                send(connection, {"error": f"the system refuses another process: {error}"})
            return
        if pid == 0:
            self._abandon()
            self.fork(request, descriptors, connection)
        for descriptor in descriptors:
            os.close(descriptor)
        kernel = Kernel(pid, user, request["sockets"], connection)
        self.kernels[pid] = kernel
        self.selector.register(connection, selectors.EVENT_READ, partial(self._forget, kernel))
        with contextlib.suppress(OSError):
            send(connection, {"pid": pid})

    def _abandon(self) -> None:
        """Let go, in a child, of all that is the parent's."""
        signal.set_wakeup_fd(-1)
        self.waker.close()
        for key in list(self.selector.get_map().values()):
            if isinstance(key.fileobj, int):
                os.close(key.fileobj)
            else:
                key.fileobj.close()  # type: ignore[attr-defined]
        self.selector.close()

    def _forget(self, kernel: Kernel) -> None:
        """Let a kernel go whose client has closed the connection; an unfinished one is killed first."""
        if kernel.connection is None:
            return  # the client died, which closed the connection too
        self.selector.unregister(kernel.connection)
        kernel.connection.close()
        kernel.connection = None
        if kernel.status is None:
            _kill(kernel.pid)
        else:
            self._bury(kernel)

    def _bury(self, kernel: Kernel) -> None:
        del self.kernels[kernel.pid]
        os.waitpid(kernel.pid, 0)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self.wakeup.recv(4096):
                pass
        ended = [kernel for kernel in self.kernels.values() if kernel.status is None and _ended(kernel.pid) is not None]
        if not ended:
            return
        for kernel in ended:
            # The kernel stays a zombie until its client knows, so its number cannot have become another group's.
            _kill(kernel.pid)
        self._kill_orphans()
        for kernel in ended:
            kernel.status = _ended(kernel.pid)
            for path in Path(kernel.sockets).parent.glob(Path(kernel.sockets).name + "-*"):
                path.unlink(missing_ok=True)
            if kernel.connection is None:
                self._bury(kernel)
            else:
                with contextlib.suppress(OSError):
                    send(kernel.connection, {"exit": kernel.status})

    def _kill_orphans(self) -> None:
        """Kill what ended kernels have left: kernels adopt their own orphans, so a stranger here has lost its own."""
        import psutil

        this = psutil.Process()
        while orphans := [child.pid for child in this.children() if child.pid not in self.kernels]:
            for orphan in orphans:
                os.kill(orphan, signal.SIGKILL)
            for orphan in orphans:
                os.waitpid(orphan, 0)

    def _close(self) -> None:
        Path(self.settings.address).unlink(missing_ok=True)
        self.listener.close()
        for kernel in self.kernels.values():
            _kill(kernel.pid)
        while self.kernels:
            kernel = next(iter(self.kernels.values()))
            os.waitid(os.P_PID, kernel.pid, os.WEXITED | os.WNOWAIT)
            self._reap()
            if kernel.pid in self.kernels:
                self._bury(kernel)


def _ended(pid: int) -> int | None:
    """Exit status of a child as `subprocess.Popen` gives it, None while it runs; the child is not reaped."""
    result = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if result is None:
        return None
    return result.si_status if result.si_code == os.CLD_EXITED else -result.si_status


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def generators() -> list[Any]:
    """Find the generators of random numbers that the system has seeded: the global ones, and hidden ones of libraries.

    NumPy keeps the seed sequence only of a generator that was seeded so. Python keeps nothing, and a library that seeds
    a private `random.Random` with a constant loses that seed. torch, from 2.13 on, is seeded by the system too. To be
    called before `gc.freeze`, which hides objects.
    """
    found = [item for item in gc.get_objects() if type(item) is random.Random]
    # NumPy imports its random module, and so seeds it, only when it is first used.
    if numpy := sys.modules.get("numpy.random.mtrand"):
        states = [item for item in gc.get_objects() if type(item) is numpy.RandomState]
        found += [item for item in states if item._bit_generator.seed_seq is not None]
    if torch := sys.modules.get("torch"):
        found.append(torch.default_generator)
    return found


def warm(modules: Sequence[str]) -> None:
    """Import modules, and leave a process of one thread that has not touched CUDA.

    Raises
    ------
    ImportError
        A module is not installed or does not import.
    RuntimeError
        A module has started threads or initialised CUDA, neither of which survives a fork.
    """
    for module in (*KERNEL_MODULES, *modules):
        importlib.import_module(module)
    # OpenBLAS, one copy for NumPy and one for SciPy, starts its threads when it is loaded. It stops them before a fork
    # and starts them again, as many as before, when parent or child next computes. So one fork leaves the parent with
    # one thread, and kernels with the threads of a fresh process: limiting the threads at import would need undoing.
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise RuntimeError(f"one of the modules {', '.join(modules)} starts threads when it is imported; leave it out")
    if "torch" in sys.modules and sys.modules["torch"].cuda.is_initialized():
        raise RuntimeError(f"one of the modules {', '.join(modules)} uses CUDA when it is imported; leave it out")


def become_process(request: dict[str, Any], descriptors: list[int], seeds: list[Any]) -> None:
    """Give a forked child what a fresh process has of its own: session, signals, streams, environment, random state."""
    os.setsid()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
    tempfile.tempdir = None
    time.tzset()
    os.umask(request["umask"])
    os.chdir(request["cwd"])
    multiprocessing.current_process().authkey = os.urandom(32)
    for generator in seeds:
        generator.seed()
    for name in NOTEBOOK_AWARE:
        if sys.modules.pop(name, None):
            package, _, attribute = name.rpartition(".")
            delattr(sys.modules[package], attribute)
    gc.enable()


def become_kernel(
    streams: dict[str, Stream],
    seeds: list[Any],
    request: dict[str, Any],
    descriptors: list[int],
    connection: socket.socket,
) -> NoReturn:
    """Run an IPython kernel in a forked child, from its connection file to its end."""
    status = 1
    try:
        become_process(request, descriptors, seeds)
        from ipykernel.kernelapp import IPKernelApp

        sys.argv = [str(importlib.import_module("ipykernel_launcher").__file__), *request["argv"]]
        # The class took the default from the parent's environment.
        app: Any = IPKernelApp.instance(parent_handle=os.getppid())
        app.initialize(request["argv"])
        for name, stream in streams.items():
            stream.target = getattr(sys, name)
        send(connection, {"ready": True})
        connection.close()
        app.start()
        leave(app)
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001 -- a child must never return to the parent's code
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def leave(app: Any) -> None:
    """Do what a user can see of an interpreter's end, and not the rest.

    To take apart every module of torch and its kin takes longer than most notebooks; what counts is that threads are
    joined, exit handlers run and the user's objects finalised, so that their files are written.
    """
    # ipykernel's exit handler ends the output thread first. The control thread flushes its output after it has handled
    # the request to shut down; if it is late, it waits ten seconds for that thread, and the handler for it.
    app.control_thread.stop()
    app.control_thread.join(timeout=1)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    app.shell.user_ns.clear()
    gc.collect()
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream:
            stream.flush()


def main() -> None:
    """Start a parent as its settings, the one argument, say."""
    settings = Settings(**json.loads(sys.argv[1]))
    os.set_inheritable(settings.report, False)
    if os.fork():
        os._exit(0)
    # The interpreter put this file's own folder there.
    del sys.path[0]
    streams = {name: Stream(getattr(sys, name)) for name in ("stdout", "stderr")}
    sys.stdout, sys.stderr = streams["stdout"], streams["stderr"]
    gc.disable()
    problem = None
    try:
        warm(settings.modules)
        seeds = generators()
        gc.collect()
        gc.freeze()  # a collection in a kernel would else write to, and so copy, every page of the parent's objects
        parent = Parent(settings, partial(become_kernel, streams, seeds))
    except BaseException:  # noqa: BLE001 -- whatever it is, the client is told
        problem = traceback.format_exc()
    with os.fdopen(settings.report, "w") as report:
        report.write(json.dumps(problem) + "\n")
    if problem is None:
        parent.serve()


if __name__ == "__main__":
    main()
