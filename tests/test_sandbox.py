"""The sandbox: what a hostile submission can't see, reach, change or outlive."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import sandbox
from autograder.sandbox import Policy, spawn
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux's layers")


@pytest.fixture(params=["namespaces", "Landlock and seccomp"])
def layered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the two sets of layers that suffice, alone."""
    held = dict(sandbox.layers())
    off = ("Landlock", "seccomp") if request.param == "namespaces" else ("namespaces",)
    if any(held[name] for name in held if name not in off):
        pytest.skip(f"this machine lacks {held}")
    if request.param != "namespaces" and os.geteuid() == 0 and not _open_to_all():
        pytest.skip("the interpreter lies where only root may read, and root is given up")
    monkeypatch.setattr(sandbox, "layers", lambda: held | dict.fromkeys(off, "switched off by the test"))
    return str(request.param)


def _open_to_all() -> bool:
    return all(part.stat().st_mode & 0o1 for path in sandbox._prefixes() for part in (path, *path.parents))


def wait(pid: int, seconds: float = 20) -> int:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError("the sandbox did not end in time")


def inside(folder: Path, work: Callable[[], Any], **policy: Any) -> str:
    """Run something inside and return what it returns, as text; the exception's name if it raised one."""
    reading, writing = os.pipe()

    def target() -> int:
        try:
            said = str(work())
        except BaseException as error:
            said = type(error).__name__
        os.write(writing, said.encode())
        return 0

    pid = spawn(Policy(folder, **policy), target, keep=(writing,))
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        assert wait(pid) == 0
        return answer.read().decode()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the sandbox's own user can reach, which pytest's are not where there are no namespaces."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o711)
    made = place / "submission"
    made.mkdir()
    yield made
    shutil.rmtree(place)


@pytest.fixture(autouse=True)
def _no_children_left() -> Iterator[None]:
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_no_file_of_the_host_can_be_read(layered: str, folder: Path, tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir(mode=0o777)
    (other / "answer").write_text("42")
    places = [other / "answer", ROOT / "pyproject.toml", ROOT, Path("/root"), Path("/home"), Path("/etc/shadow"), other]

    def look() -> list[str]:
        seen = []
        for place in places:
            with contextlib.suppress(OSError):
                seen.append(str(list(place.iterdir()) if place.is_dir() else place.read_bytes()))
        # A parent of the interpreter's folder is there, with nothing else in it.
        return [text for text in seen if ".venv" not in text and ".pyenv" not in text]

    assert inside(folder, look) == "[]"


def test_what_is_readable_can_be_read_and_not_written(layered: str, folder: Path) -> None:
    (data := folder.parent / "data").mkdir()
    (data / "table").write_text("7")
    data.chmod(0o777)
    assert inside(folder, (data / "table").read_text, readable=(data,)) == "7"
    for place in (data / "new", Path("/usr/new"), Path(sys.prefix, "new"), Path("/new")):
        assert inside(folder, lambda place=place: place.write_text("x"), readable=(data,)) != "1", place
        assert not place.exists()


def test_the_folder_is_written_and_tmp_is_private(folder: Path) -> None:
    assert inside(folder, lambda: (folder / "out").write_text("done")) == "4"
    assert (folder / "out").read_text() == "done"
    assert inside(folder, lambda: Path("/tmp/only-inside").write_text("x")) == "1"
    assert not Path("/tmp/only-inside").exists()
    assert (
        inside(
            folder,
            lambda: [p.name for p in Path("/tmp").iterdir() if p not in {*folder.parents, *Path(sys.prefix).parents}],
        )
        == "[]"
    )


def test_only_its_own_processes_are_seen_and_none_outside_killed(folder: Path) -> None:
    assert inside(folder, lambda: sorted(p.name for p in Path("/proc").glob("[0-9]*"))) == "['1']"
    outside = os.fork()
    if outside == 0:
        time.sleep(30)
        os._exit(0)
    assert inside(folder, lambda: os.kill(outside, signal.SIGKILL)) == "ProcessLookupError"
    assert os.waitpid(outside, os.WNOHANG) == (0, 0)
    os.kill(outside, signal.SIGKILL)
    os.waitpid(outside, 0)


@pytest.mark.parametrize("kind", ["TCP", "UDP", "abstract"])
def test_no_network(layered: str, folder: Path, kind: str) -> None:
    family = socket.AF_UNIX if kind == "abstract" else socket.AF_INET
    style = socket.SOCK_DGRAM if kind == "UDP" else socket.SOCK_STREAM
    with socket.socket(family, style) as server:
        server.bind(f"\0elmed219-{os.getpid()}" if kind == "abstract" else ("127.0.0.1", 0))
        if kind != "UDP":
            server.listen()
        address = server.getsockname()

        def reach() -> str:
            with socket.socket(family, style) as client:
                client.connect(address)
                client.send(b"out")
            return "reached"

        assert reach() == "reached"
        assert inside(folder, reach) in {"PermissionError", "OSError", "ConnectionRefusedError"}


def test_no_environment_of_the_host(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_TOKEN", "secret")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    names = {"PATH", "HOME", "TMPDIR", "LANG", "MPLBACKEND", *sandbox._COPIED}
    assert set(inside(folder, lambda: " ".join(os.environ)).split()) <= names
    assert inside(folder, lambda: os.environ["OMP_NUM_THREADS"]) == "1"
    assert inside(folder, lambda: Path("/proc/self/environ").read_bytes().strip(b"\0")) == "b''"
    assert inside(folder, lambda: Path("/proc/1/environ").read_bytes().strip(b"\0")) in {"b''", "PermissionError"}


def test_limits_stop_what_exceeds_them(folder: Path) -> None:
    assert inside(folder, lambda: len(bytearray(2 * 10**9)), memory=10**9) == "MemoryError"
    assert inside(folder, lambda: mmap.mmap(-1, 3 * 10**9), memory=10**9) in {"OSError", "MemoryError"}
    assert inside(folder, lambda: [os.dup(1) for _ in range(100)], open_files=50) == "OSError"

    def large() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        return (folder / "large").write_bytes(bytes(10**6))

    assert inside(folder, large, file_size=10**5) != str(10**6)
    assert (folder / "large").stat().st_size <= 10**5


def test_processor_time_ends(folder: Path) -> None:
    def spin() -> int:
        while True:
            pass

    assert wait(spawn(Policy(folder, cpu_seconds=1), spin)) in {
        128 + signal.SIGXCPU,
        128 + signal.SIGKILL,
        -signal.SIGKILL,
    }


def test_a_fork_bomb_stops_and_is_gone_when_the_sandbox_is_killed(folder: Path) -> None:
    reading, writing = os.pipe()

    def bomb() -> int:
        for made in range(200):
            try:
                if os.fork() == 0:
                    time.sleep(60)
            except BlockingIOError:
                os.write(writing, bytes([made]))
                time.sleep(60)
        return 0

    pid = spawn(Policy(folder, processes=20), bomb, keep=(writing,))
    os.close(writing)
    # The user namespace of an ordinary user counts the process around the inner one too.
    assert os.read(reading, 1)[0] in {18, 19}
    _gone_after_kill(pid, reading)


def test_a_daemon_is_gone_when_the_sandbox_is_killed(layered: str, folder: Path) -> None:
    reading, writing = os.pipe()

    def daemon() -> int:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(writing, b"x")
                time.sleep(60)
            os._exit(0)
        time.sleep(60)
        return 0

    pid = spawn(Policy(folder), daemon, keep=(writing,))
    os.close(writing)
    assert os.read(reading, 1) == b"x"
    _gone_after_kill(pid, reading)


def _gone_after_kill(pid: int, reading: int) -> None:
    """Everything inside holds the pipe's other end, so its end of file is the last one's end."""
    os.kill(pid, signal.SIGKILL)
    assert wait(pid) == -signal.SIGKILL
    assert select.select([reading], [], [], 5)[0], "something inside is still running"
    assert os.read(reading, 1) == b""
    os.close(reading)


@pytest.mark.parametrize(
    ("name", "arguments"), [("unshare", (0x10000000,)), ("ptrace", (0, 0, 0, 0)), ("unshare", (0,))]
)
def test_calls_are_denied(folder: Path, name: str, arguments: tuple[int, ...]) -> None:
    def call() -> int:
        libc = ctypes.CDLL(None, use_errno=True)
        return ctypes.get_errno() if getattr(libc, name)(*arguments) else 0

    assert inside(folder, call) == "1"


def test_no_rights_are_left(folder: Path) -> None:
    status = inside(folder, Path("/proc/self/status").read_text)
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert {int(fields[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Amb")} == {0}
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    assert "0" not in fields["Uid"].split()


def test_the_status_comes_back(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert wait(spawn(Policy(folder), lambda: 7)) == 7
    crash = lambda: len(ctypes.string_at(0))  # noqa: E731
    assert wait(spawn(Policy(folder), crash)) in {128 + signal.SIGSEGV, -signal.SIGSEGV}
    assert wait(spawn(Policy(folder), lambda: 1 // 0)) == sandbox.FAILED
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_descriptors_are_closed(folder: Path) -> None:
    with (ROOT / "pyproject.toml").open() as secret:
        assert inside(folder, lambda: os.pread(secret.fileno(), 1, 0)) == "OSError"
    assert inside(folder, lambda: os.read(0, 1)) == "b''"


@pytest.mark.parametrize("lost", [("namespaces", "Landlock"), ("namespaces", "seccomp")])
def test_too_few_layers_refuse(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], lost: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sandbox, "layers", lambda: dict.fromkeys(sandbox._TRIALS, "") | dict.fromkeys(lost, "absent"))
    assert wait(spawn(Policy(folder), lambda: (folder / "ran").write_text("x"))) == sandbox.REFUSED
    assert "namespaces: absent" in capfd.readouterr().err
    assert not (folder / "ran").exists()


def test_numpy_computes_and_the_host_keeps_no_mount(folder: Path) -> None:
    before = Path("/proc/self/mounts").read_text()
    assert inside(folder, lambda: int((np.ones((99, 99)) @ np.ones((99, 99))).sum())) == str(99**3)
    assert Path("/proc/self/mounts").read_text() == before


@pytest.mark.slow
def test_torch_computes(folder: Path) -> None:
    import torch

    def train() -> str:
        weight = torch.zeros(1, requires_grad=True)
        (weight - 3).square().sum().backward()
        return str(weight.grad)

    assert inside(folder, train) == "tensor([-6.])"
