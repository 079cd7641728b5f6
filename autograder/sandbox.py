"""Confinement of a forked process, before a submission's first line runs in it.

The process that calls the target is the first of a pid namespace of its own, so that its death ends everything inside.
Root forks it in one step. An ordinary user needs an *outer* process in between, which owns the namespaces, waits, and
passes the exit status on. Where there are no namespaces, a *keeper* stands in between, too, adopts what the target
leaves behind and kills it. Neither runs anything of the submission's.

One fork and not three, because the caller has libraries of some hundred megabytes in memory: to fork and to end such a
process takes longer than all the rest.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import itertools
import os
import platform
import select
import shutil
import signal
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from autograder.errors import CourseError

FAILED = 70  # the target raised
REFUSED = 71  # the target was never called

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("/etc/ld.so.cache", "/etc/alternatives")  # the second is where a distribution's BLAS is chosen
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_COPIED = (
    "PYTHONHASHSEED",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "CUBLAS_WORKSPACE_CONFIG",
)
# Run by root, each sandbox has a user of its own: limits on processes count by user, and so do signals. The range lies
# above those that distributions and containers hand out; a container without it leaves only the last user.
_FIRST_USER = 0x70000000
_NOBODY = 65534

_NEW_TIME, _NEW_MOUNT, _NEW_CGROUP, _NEW_UTS = 0x80, 0x20000, 0x2000000, 0x4000000
_NEW_IPC, _NEW_USER, _NEW_PID, _NEW_NETWORK = 0x8000000, 0x10000000, 0x20000000, 0x40000000
_NAMESPACES = _NEW_UTS | _NEW_IPC | _NEW_NETWORK

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 1, 4, 22, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV, _ATTR_NOEXEC = 1, 2, 4, 8
_AT_FDCWD, _AT_RECURSIVE, _MNT_DETACH = -100, 0x8000, 2


class SandboxError(CourseError):
    """The sandbox can't be built, so nothing was run in it."""


@dataclass(frozen=True)
class Policy:
    """What a confined process may see and use.

    Attributes
    ----------
    folder : Path
        Its own writable folder, under the same path inside; the working directory, HOME and TMPDIR. Root, who must give
        up being root, gives the folder and what is in it to another user.
    readable : tuple of Path
        Further files and folders that it may read, under the same paths.
    cpu_seconds : int
        CPU time of each process, in seconds.
    memory : int
        Private memory of each process, in bytes, and address space beyond what was mapped before: twice as much.
    processes : int
        Processes and threads at one time.
    open_files : int
        Open files of each process.
    file_size : int
        Size of one file, and of everything in each of /tmp and /dev/shm, in bytes.
    require : bool
        Refuse to run where neither the namespaces nor both Landlock and seccomp hold.
    """

    folder: Path
    readable: tuple[Path, ...] = ()
    cpu_seconds: int = 120
    memory: int = 4 * 10**9
    processes: int = 64
    open_files: int = 256
    file_size: int = 10**8
    require: bool = True


def spawn(policy: Policy, target: Callable[[], int], keep: Sequence[int] = ()) -> int:
    """Fork a process, confine it with every layer that holds on this machine, and call a function in it.

    The caller must have one thread, and waits for the process or kills it; SIGKILL ends all that the function started.

    Parameters
    ----------
    policy : Policy
    target : callable
        Called without arguments in the confined process; what it returns is the exit status, 0 to 255.
    keep : sequence of int
        File descriptors that stay open in it besides 1 and 2. Without 0 among them, standard input is empty.

    Returns
    -------
    int
        The process to wait for. Its exit status is the target's (if a signal ended that, the same signal, or 128 and
        its number), 70 if it raised an exception (the traceback is on standard error), 71 if the sandbox could not be
        built and nothing was run (the reason is on standard error).
    """
    held = frozenset(name for name, problem in layers().items() if not problem)
    user = _FIRST_USER + ((os.getpid() & 0x3FFF) << 12) + (next(_spawned) & 0xFFF)
    _flush()
    if os.geteuid() or "namespaces" not in held:
        pid = os.fork()
        if pid == 0:
            _leave(lambda: _outer(policy, target, keep, held, user))
        return pid
    with _pid_namespace():
        pid = os.fork()
        if pid == 0:
            _leave(lambda: _first(_prepare(policy, keep, held, user), target))
    return pid


_spawned = itertools.count()


@contextlib.contextmanager
def _pid_namespace() -> Iterator[None]:
    """Let the next child of this process be the first of a new pid namespace. Asks for root."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _call("unshare", _NEW_PID)
        yield
    finally:
        _call("setns", own, _NEW_PID)
        os.close(own)


@functools.cache
def layers() -> dict[str, str]:
    """Try each layer once, in a process that is thrown away.

    Returns
    -------
    dict of str to str
        For "namespaces", "Landlock", "seccomp" and "resource limits" nothing if it holds, else why it does not.
    """
    if sys.platform != "linux":
        return dict.fromkeys(_TRIALS, f"only on Linux; this is {platform.system()}")
    return {name: _attempt(trial) for name, trial in _TRIALS.items()}


def suffices(held: Collection[str]) -> bool:
    """Whether layers that hold keep a submission apart: the namespaces, or both Landlock and seccomp."""
    return "namespaces" in held or {"Landlock", "seccomp"} <= set(held)


@dataclass(frozen=True)
class _Cell:
    """One sandbox: its policy, its user and the layers that make it."""

    policy: Policy
    folder: Path
    user: int
    group: int
    held: frozenset[str]

    @property
    def apart(self) -> bool:
        """Whether namespaces keep it apart."""
        return "namespaces" in self.held


def _prepare(policy: Policy, keep: Sequence[int], held: frozenset[str], user: int) -> _Cell:
    """Let go of all that is the caller's, and say what the sandbox is made of."""
    os.setsid()
    _end_with_parent(signal.SIGKILL)
    _reset_signals()
    if policy.require and not suffices(held):
        missing = "; ".join(f"{name}: {problem}" for name, problem in layers().items() if problem)
        raise SandboxError(
            "too little keeps a submission apart on this machine. It takes the namespaces, or both Landlock and "
            f"seccomp; `course doctor` shows what holds ({missing})"
        )
    _close_all_but({0, 1, 2, *keep})
    if 0 not in keep:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        if null:
            os.close(null)
    folder = policy.folder.resolve(strict=True)
    if os.geteuid():
        return _Cell(policy, folder, os.geteuid(), os.getegid(), held)
    user = _give_away(folder, user)
    return _Cell(policy, folder, user, user, held)


def _outer(policy: Policy, target: Callable[[], int], keep: Sequence[int], held: frozenset[str], user: int) -> int:
    """Own the namespaces, if there are any, start what is inside, and wait for it."""
    cell = _prepare(policy, keep, held, user)
    alive, kept_open = os.pipe()
    if cell.apart:
        _unshare(_NEW_PID)
    inside = os.fork()
    if inside == 0:
        os.close(kept_open)
        _leave(lambda: _below(cell, target, alive))
    _close_all_but({2, kept_open})
    return _exit_status(os.waitpid(inside, 0)[1])


def _below(cell: _Cell, target: Callable[[], int], alive: int) -> int:
    """Go on under the outer process, unless that has ended meanwhile."""
    # Without a pid namespace nothing falls with the keeper, so it needs the time to kill what it has adopted.
    _end_with_parent(signal.SIGKILL if cell.apart else signal.SIGTERM)
    if select.select([alive], [], [], 0)[0]:
        return REFUSED  # the outer one was killed before the line above
    os.close(alive)
    return _first(cell, target) if cell.apart else _keeper(cell, target)


def _keeper(cell: _Cell, target: Callable[[], int]) -> int:
    """Start the target without namespaces, reap everything until it has ended, and kill what it has left."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGTERM, _kill_descendants)
    inner = os.fork()
    if inner == 0:
        _leave(lambda: _inner(cell, target))
    _prctl(_PR_SET_DUMPABLE, 0)
    _close_all_but({2})
    while (ended := os.wait())[0] != inner:
        pass
    _kill_descendants()
    return _exit_status(ended[1])


def _first(cell: _Cell, target: Callable[[], int]) -> int:
    """Be the first process of a pid namespace: build the new root, and call the target."""
    if not os.geteuid():
        _unshare(0)
    _build_root(cell)
    return _inner(cell, target)


def _inner(cell: _Cell, target: Callable[[], int]) -> int:
    """Give up every right, then call the target."""
    policy = cell.policy
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(PermissionError):  # who leads a session already
        os.setsid()
    others = 0 if cell.apart or os.geteuid() == 0 else _running(cell.user)
    _drop_privileges(cell)
    _end_with_parent(signal.SIGKILL)
    _set_environment(cell.folder)
    os.umask(0o077)
    os.chdir(cell.folder)
    if blocked := [path for path in (*_prefixes(), *policy.readable) if not os.access(path, os.R_OK)]:
        raise SandboxError(f"the user that the submission runs as may not read {blocked[0]}: move it or open it to all")
    if "resource limits" in cell.held:
        _limit(policy, policy.processes + others)
    if "Landlock" in cell.held:
        _landlock(cell)
    if "seccomp" in cell.held:
        _seccomp(cell.apart)
    try:
        return target()
    except BaseException:  # noqa: BLE001 -- a child must never return to the parent's code
        _say(traceback.format_exc())
        return FAILED


def _leave(work: Callable[[], int]) -> NoReturn:
    """End this process with what the work returns, or with a refusal and its reason."""
    status = REFUSED
    try:
        status = work()
    except (CourseError, OSError) as error:
        _say(f"the sandbox can't be built: {error}\n")
    except BaseException:  # noqa: BLE001 -- a child must never return to the parent's code
        _say(traceback.format_exc())
    finally:
        _flush()
        os._exit(status & 0xFF)


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(2, text.encode())


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _exit_status(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _close_all_but(keep: Collection[int]) -> None:
    for entry in list(Path("/proc/self/fd").iterdir()):
        if (descriptor := int(entry.name)) not in keep:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def _kill_descendants(*reason: object) -> None:
    """Kill what this process has started or adopted; asked to by a signal, end too."""
    import psutil

    this = psutil.Process()
    while descendants := this.children(recursive=True):
        for process in descendants:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    if reason:
        os._exit(128 + signal.SIGTERM)


def _running(user: int) -> int:
    """Count the tasks that a user has already, which the limit on processes counts too."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == user:
                count += len(list((folder / "task").iterdir()))
    return count


# The system's calls


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> int:
    """Call a function of the C library; integers are passed as longs."""
    passed = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    result: int = getattr(_libc(), name)(*passed)
    if result < 0:
        number = ctypes.get_errno()
        shown = ", ".join(str(item) for item in arguments if isinstance(item, int | bytes))
        raise OSError(number, f"{name}({shown}): {os.strerror(number)}")
    return result


def _prctl(option: int, value: int) -> None:
    _call("prctl", option, value, 0, 0, 0)


def _end_with_parent(number: int) -> None:
    _prctl(_PR_SET_PDEATHSIG, number)


# Namespaces and the new root


def _unshare(more: int) -> None:
    """Enter new namespaces; an ordinary user needs a user namespace to own them."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _call("unshare", _NAMESPACES | more)
        return
    _call("unshare", _NAMESPACES | _NEW_USER | more)
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def _give_away(folder: Path, user: int) -> int:
    """Give a folder and what is in it to the sandbox's own user, whose number is returned."""
    try:
        os.chown(folder, user, user)
    except OSError:
        user = _NOBODY
        os.chown(folder, user, user)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent, name), user, user, follow_symlinks=False)
    return user


def _build_root(cell: _Cell) -> None:
    """Leave the host's files for a small root of read-only mounts, in a mount namespace of its own."""
    # Only here: whoever shares a mount namespace has its root changed with it.
    _call("unshare", _NEW_MOUNT)
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    _mount("tmpfs", "/tmp", "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=1m")  # noqa: S108 -- hidden, not used
    Path("/tmp/host").mkdir()  # noqa: S108 -- on the new file system
    _call("syscall", _number("pivot_root"), b"/tmp", b"/tmp/host")
    os.chdir("/")
    for path in map(Path, _SYSTEM):
        if _host(path).is_symlink():
            path.symlink_to(_host(path).readlink())
        elif _host(path).is_dir():
            _bind(path, _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV)
    _fill_etc(cell)
    Path("/dev").mkdir()
    for path in map(Path, _DEVICES):
        _bind(path, _ATTR_NOSUID | _ATTR_NOEXEC)
    for name, file in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        Path("/dev", name).symlink_to(Path("/proc/self", file))
    for place in ("/tmp", "/dev/shm"):  # noqa: S108 -- its own
        Path(place).mkdir()
        _mount(
            "tmpfs", place, "tmpfs", _MS_NOSUID | _MS_NODEV, f"mode=1777,size={cell.policy.file_size},nr_inodes=16384"
        )
    Path("/proc").mkdir()
    _mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    done = [Path("/usr")]
    for path in sorted({*_prefixes(), *_both(cell.policy.readable)}, key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(other) for other in done):
            _bind(path, _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV)
            done.append(path)
    _bind(cell.folder, _ATTR_NOSUID | _ATTR_NODEV)
    _call("umount2", b"/host", _MNT_DETACH)
    Path("/host").rmdir()
    _set_attributes(Path("/"), _ATTR_RDONLY, 0)
    _call("sethostname", b"sandbox", 7)


def _fill_etc(cell: _Cell) -> None:
    Path("/etc").mkdir()
    for path in map(Path, _ETC):
        if _host(path).exists():
            _bind(path, _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV)
    Path("/etc/passwd").write_text(f"student:x:{cell.user}:{cell.group}:student:{cell.folder}:/bin/sh\n", "utf-8")
    Path("/etc/group").write_text(f"student:x:{cell.group}:\n", "utf-8")
    Path("/etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n", "utf-8")
    Path("/etc/hosts").write_text("127.0.0.1 localhost sandbox\n", "utf-8")


def _mount(source: str, place: str, kind: str, flags: int, data: str = "") -> None:
    """Mount a file system, see mount(2).

    Raises
    ------
    OSError
        The system refuses.
    """
    _call("mount", os.fsencode(source), os.fsencode(place), kind.encode(), flags, data.encode())


def _host(path: Path) -> Path:
    """Where a path of the host lies while the new root is built."""
    return Path("/host", *path.parts[1:])


def _bind(path: Path, attributes: int) -> None:
    """Show a path of the host under the same path, with what is mounted below it."""
    source = _host(path)
    if source.is_dir():
        path.mkdir(parents=True, exist_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    _mount(str(source), str(path), "", _MS_BIND | _MS_REC)
    _set_attributes(path, attributes, _AT_RECURSIVE)


def _set_attributes(path: Path, attributes: int, flags: int) -> None:
    """Set attributes of a mount, see mount_setattr(2): the older way leaves the mounts below it writable."""
    packed = struct.pack("4Q", attributes, 0, 0, 0)
    _call("syscall", _number("mount_setattr"), _AT_FDCWD, os.fsencode(path), flags, packed, len(packed))


def _prefixes() -> set[Path]:
    """Find where the interpreter and its packages are installed."""
    return _both(Path(prefix) for prefix in (sys.prefix, sys.base_prefix))


def _both(paths: Iterable[Path]) -> set[Path]:
    """Make paths absolute, as they are written and with symbolic links followed."""
    return {way for path in paths for way in (path.absolute(), path.resolve())}


# Rights


def _drop_privileges(cell: _Cell) -> None:
    """Become an unprivileged user for good, without groups and capabilities."""
    with contextlib.suppress(OSError):  # beyond the last capability, or without the right to
        for capability in range(64):
            _prctl(_PR_CAPBSET_DROP, capability)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(cell.group, cell.group, cell.group)
        os.setresuid(cell.user, cell.user, cell.user)
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _call("capset", header, none)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    # A process that changed its user may not look at itself under /proc until it says so.
    _prctl(_PR_SET_DUMPABLE, 1)


def _set_environment(folder: Path) -> None:
    copied = {name: os.environ[name] for name in _COPIED if name in os.environ}
    os.environ.clear()
    os.environ.update(
        copied,
        PATH=str(Path(sys.prefix, "bin")),
        HOME=str(folder),
        TMPDIR=str(folder),
        LANG="C.UTF-8",
        MPLBACKEND="Agg",
    )
    tempfile.tempdir = None
    # What the parent was started with is still in its first page of memory, which /proc/self/environ shows.
    fields = Path("/proc/self/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])
    ctypes.memset(start, 0, end - start)


def _limit(policy: Policy, processes: int) -> None:
    """Set resource limits, none above what this process is allowed already."""
    import resource

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    mapped = pages * resource.getpagesize()
    wanted = (
        (resource.RLIMIT_CPU, policy.cpu_seconds),
        (resource.RLIMIT_DATA, policy.memory),
        # Private memory is limited above; shared memory only here, and torch maps much that it never uses.
        (resource.RLIMIT_AS, mapped + 2 * policy.memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_NOFILE, policy.open_files),
        (resource.RLIMIT_FSIZE, policy.file_size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 2**16),
        (resource.RLIMIT_MSGQUEUE, 0),
    )
    for kind, value in wanted:
        hard = resource.getrlimit(kind)[1]
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (least, least))


# Landlock, see https://docs.kernel.org/userspace-api/landlock.html

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_DEVICES = 1 << 6 | 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_TCP = 3  # bind and connect
_SCOPES = 3  # abstract Unix sockets and signals


def _landlock(cell: _Cell) -> None:
    """Deny every file that is not named here, TCP, and signals and abstract sockets to the outside."""
    abi = _call("syscall", _number("landlock_create_ruleset"), None, 0, 1)
    rights = (1 << 13) - 1
    rights |= (_REFER if abi >= 2 else 0) | (_TRUNCATE if abi >= 3 else 0) | (_IOCTL_DEVICE if abi >= 5 else 0)
    ruleset = struct.pack("3Q", rights, _TCP, _SCOPES)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    rules = _call("syscall", _number("landlock_create_ruleset"), ruleset, len(ruleset), 0)
    read = _READ_FILE | _READ_DIR
    write = rights & ~(_MAKE_DEVICES | _IOCTL_DEVICE)
    allowed = dict.fromkeys([*map(Path, _SYSTEM), *_prefixes()], read | _EXECUTE)
    allowed |= dict.fromkeys(map(Path, _DEVICES), _READ_FILE | _WRITE_FILE)
    allowed |= dict.fromkeys(_both(cell.policy.readable), read)
    if cell.apart:
        allowed |= {Path("/etc"): read, Path("/proc"): read}
        allowed |= dict.fromkeys((Path("/tmp"), Path("/dev/shm")), write)  # noqa: S108 -- its own
    else:
        # The host's /proc shows what other processes of the user are doing, so only what is its own.
        allowed |= dict.fromkeys([*map(Path, _ETC), Path("/proc/self")], read)
        allowed |= {Path("/proc", name): _READ_FILE for name in ("cpuinfo", "meminfo", "stat")}
    allowed |= {cell.folder: write}
    for path, granted in allowed.items():
        with contextlib.suppress(FileNotFoundError):
            _allow(rules, path, granted & rights)
    _call("syscall", _number("landlock_restrict_self"), rules, 0)
    os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights if path.is_dir() else rights & _FILE_RIGHTS, descriptor)
        _call("syscall", _number("landlock_add_rule"), rules, 1, rule, 0)
    finally:
        os.close(descriptor)


# seccomp, see seccomp(2); the numbers are those of x86_64 and aarch64, None where the call does not exist

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_CALLS: dict[str, tuple[int | None, int]] = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "ioctl": (16, 29),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "socket": (41, 198),
}
_DENIED: dict[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "unshare": (272, 97),
    "setns": (308, 268),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    # the kernel's large and rarely needed parts
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "lookup_dcookie": (212, 18),
    "vmsplice": (278, 75),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "vhangup": (153, 58),
}
# Shared memory, semaphores and messages have no owner but the user; a namespace keeps them apart.
_DENIED_WITHOUT_NAMESPACES: dict[str, tuple[int | None, int | None]] = {
    "shmget": (29, 194),
    "shmat": (30, 196),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
}
_TIOCSTI = 0x5412
_ALLOW, _ERRNO, _X32 = 0x7FFF0000, 0x00050000, 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets of what a filter sees


def _number(name: str) -> int:
    """Look up the number of a system call."""
    column = _architecture()[0]
    number = (_CALLS | _DENIED)[name][column]
    if number is None:
        raise SandboxError(f"{platform.machine()} has no system call {name}")
    return number


def _architecture() -> tuple[int, int]:
    try:
        return _ARCHITECTURES[platform.machine()]
    except KeyError:
        raise SandboxError(f"no table of system calls for {platform.machine()}") from None


def _filter(apart: bool) -> bytes:
    """Assemble a filter: what is listed fails with EPERM, so that honest code that touches it can go on."""
    column, architecture = _architecture()
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    unknown = (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    new = _NEW_MOUNT | _NEW_CGROUP | _NEW_UTS | _NEW_IPC | _NEW_USER | _NEW_PID | _NEW_NETWORK
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        refuse,
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        unknown,
        # Its flags lie in memory, which a filter can't read; the C library then uses clone.
        (_EQUAL, 0, 1, _number("clone3")),
        unknown,
    ]
    denied = _DENIED if apart else _DENIED | _DENIED_WITHOUT_NAMESPACES
    for numbers in denied.values():
        if (number := numbers[column]) is not None:
            program += [(_EQUAL, 0, 1, number), refuse]
    family = 1 if apart else 0xFFFF  # AF_UNIX, or none that exists
    allow = (_RETURN, 0, 0, _ALLOW)
    program += [(_EQUAL, 0, 4, _number("clone")), (_LOAD, 0, 0, _ARGUMENTS), (_ANY_BIT, 0, 1, new), refuse, allow]
    program += [(_EQUAL, 0, 4, _number("socket")), (_LOAD, 0, 0, _ARGUMENTS), (_EQUAL, 1, 0, family), refuse, allow]
    program += [(_EQUAL, 0, 3, _number("ioctl")), (_LOAD, 0, 0, _ARGUMENTS + 8), (_EQUAL, 0, 1, _TIOCSTI), refuse]
    program += [allow]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _seccomp(apart: bool) -> None:
    code = ctypes.create_string_buffer(_filter(apart))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(code))
    _call("prctl", _PR_SET_SECCOMP, 2, program, 0, 0)


# Trials of the layers


def _attempt(trial: Callable[[Path], None]) -> str:
    """Run a trial in a forked process, and return what went wrong with it."""
    reading, writing = os.pipe()
    folder = Path(tempfile.mkdtemp())
    _flush()
    if (pid := os.fork()) == 0:
        problem = ""
        try:
            trial(folder)
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the layer does not hold
            problem = str(error) or type(error).__name__
        finally:
            os.write(writing, problem.encode()[:4000])
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as report:
        problem = report.read().decode()
    status = os.waitpid(pid, 0)[1]
    shutil.rmtree(folder)
    return problem or (f"the trial ended with status {_exit_status(status)}" if status else "")


def _try_namespaces(folder: Path) -> None:
    user, group = os.geteuid(), os.getegid()
    _unshare(_NEW_PID)
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        problem = "the trial was cut short"
        try:
            _build_root(_Cell(Policy(folder), folder, user, group, frozenset({"namespaces"})))
            seen = {path.name for path in Path("/proc").glob("[0-9]*")}
            problem = "" if seen == {"1"} else "the processes of the host can be seen"
        except BaseException as error:  # noqa: BLE001 -- reported, and must not return
            problem = str(error)
        finally:
            os.write(writing, problem.encode()[:4000])
            os._exit(0)
    os.close(writing)
    os.waitpid(pid, 0)
    with os.fdopen(reading, "rb") as report:
        if problem := report.read().decode():
            raise SandboxError(problem)


def _try_landlock(folder: Path) -> None:
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _landlock(_Cell(Policy(folder), folder, os.geteuid(), os.getegid(), frozenset()))
    Path(folder, "written").write_text("", "ascii")
    with contextlib.suppress(PermissionError):
        list(Path("/").iterdir())
        raise SandboxError("a folder that is denied can be read")


def _try_seccomp(folder: Path) -> None:
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _seccomp(apart=False)
    with contextlib.suppress(PermissionError):
        _call("unshare", 0)
        raise SandboxError("a call that is denied succeeds")


def _try_limits(folder: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _limit(Policy(folder, file_size=1000), processes=64)
    with contextlib.suppress(OSError):
        Path(folder, "large").write_bytes(bytes(1001))
        if Path(folder, "large").stat().st_size > 1000:
            raise SandboxError("a file grows beyond its limit")


_TRIALS: dict[str, Callable[[Path], None]] = {
    "namespaces": _try_namespaces,
    "Landlock": _try_landlock,
    "seccomp": _try_seccomp,
    "resource limits": _try_limits,
}
