"""Interrupts, timeouts, deaths and restarts are seen as with any kernel, and parents end when they should."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from jupyter_client import KernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from autograder.kernels import provisioner

from .conftest import LIGHT
from .notebooks import run, texts


def gone(pid: int, seconds: float = 5) -> bool:
    """Whether a process ends within this time."""
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def manager(light: str) -> KernelManager:
    """A warm kernel that runs."""
    manager = KernelManager(kernel_name=light)
    manager.start_kernel()
    yield manager
    manager.shutdown_kernel(now=True)


def test_infinite_loop_times_out(light: str) -> None:
    with pytest.raises(CellTimeoutError):
        run(light, "while True: pass", timeout=1)


def test_infinite_loop_is_interrupted(light: str) -> None:
    assert texts(light, "while True: pass", "print('on')", timeout=1, interrupt_on_timeout=True) == [
        "KeyboardInterrupt",
        "on",
    ]


@pytest.mark.parametrize("death", ["os._exit(1)", "os.kill(os.getpid(), 9)", "os.kill(os.getppid(), 9)"])
def test_death_is_seen_promptly(light: str, death: str) -> None:
    began = time.monotonic()
    with pytest.raises(DeadKernelError):
        run(light, f"import os, time; {death}; time.sleep(60)")
    assert time.monotonic() - began < 10
    assert texts(light, "print(1)") == ["1"]


@pytest.mark.parametrize(("death", "status"), [("kill", -9), ("exit", 3)])
def test_exit_status(manager: KernelManager, death: str, status: int) -> None:
    pid = manager.provisioner.pid
    if death == "kill":
        os.kill(pid, signal.SIGKILL)
    else:
        client = manager.client()
        client.start_channels()
        client.execute("import os; os._exit(3)")
    assert gone(pid)
    assert asyncio.run(manager.provisioner.wait()) == status
    assert not manager.is_alive()
    assert not list(provisioner.runtime_directory().glob(f"{Path(manager.ip).name}-*"))


def test_restart(manager: KernelManager) -> None:
    before = manager.provisioner.pid
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=10)
    manager.restart_kernel()
    client.wait_for_ready(timeout=10)
    assert client.execute_interactive("1", timeout=10)["content"]["status"] == "ok"
    assert manager.provisioner.pid != before
    assert gone(before)


def test_shutdown_is_quick(manager: KernelManager) -> None:
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=10)
    began = time.monotonic()
    manager.shutdown_kernel()
    assert time.monotonic() - began < 0.7


def test_streams_are_those_asked_for(light: str, tmp_path: Path) -> None:
    manager = KernelManager(kernel_name=light)
    with (tmp_path / "log").open("w") as file:
        manager.start_kernel(stderr=file, stdout=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=10)
    found = "import os; print([os.readlink(f'/proc/self/fd/{n}') for n in (0, 1, 2)])"
    heard: list[str] = []
    client.execute_interactive(
        found, timeout=10, output_hook=lambda message: heard.append(message["content"].get("text"))
    )
    manager.shutdown_kernel(now=True)
    assert str([os.devnull, os.devnull, str(tmp_path / "log")]) in "".join(text or "" for text in heard)
    with pytest.raises(ValueError, match=r"not to subprocess\.PIPE"):
        manager.start_kernel(stdout=subprocess.PIPE)


def test_eight_kernels_at_once_share_one_parent(kernel: Callable[[Sequence[str]], str]) -> None:
    name = kernel(["csv"])  # a parent that nobody has started yet
    with ThreadPoolExecutor(8) as pool:
        cell = "import os, time; time.sleep(1); print(os.getpid(), os.getppid())"
        pids = list(pool.map(lambda _: texts(name, cell)[0].split(), range(8)))
    kernels, parents = zip(*pids, strict=True)
    assert len(set(kernels)) == 8
    assert len(set(parents)) == 1


def test_processes_share_one_parent(kernel: Callable[[Sequence[str]], str]) -> None:
    kernel(["calendar"])
    with multiprocessing.get_context("fork").Pool(3) as pool:
        assert len(set(pool.map(provisioner.start_parent, [["calendar"]] * 3, chunksize=1))) == 1


def test_a_slow_start_holds_up_no_other(libraries: Path) -> None:
    waits = f"import time, pathlib\nwhile not pathlib.Path({str(libraries / 'now')!r}).exists(): time.sleep(0.02)\n"
    (libraries / "slow.py").write_text(waits)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(provisioner.start_parent, ["slow"])
        other = pool.submit(provisioner.start_parent, ["calendar"])
        try:
            other.result(timeout=30)
            assert not slow.done()
        finally:
            (libraries / "now").touch()
        slow.result(timeout=30)


def test_parent_ends_with_its_last_user() -> None:
    script = f"import tempfile; tempfile.tempdir = {provisioner.tempfile.gettempdir()!r}\n" + (
        "from autograder.kernels.provisioner import start_parent\nprint(start_parent(['cmd']))"
    )
    pid = int(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)
    assert gone(pid)


def test_kernel_ends_with_its_user(light: str) -> None:
    parent = provisioner.start_parent(LIGHT)
    script = (
        f"import tempfile, os; tempfile.tempdir = {provisioner.tempfile.gettempdir()!r}\n"
        "from autograder.kernels.provisioner import fork_kernel, runtime_directory\n"
        f"process = fork_kernel(['{sys.executable}', '-m', 'ipykernel_launcher'], {LIGHT}, "
        "str(runtime_directory() / 'x'), env=dict(os.environ))\n"
        "print(process.pid, flush=True); os._exit(0)"
    )
    pid = int(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()[-1]
    )
    assert gone(pid)
    assert psutil.pid_exists(parent)


def test_parent_ends_when_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisioner, "IDLE", 0.3)
    origin = provisioner.origin_of([sys.executable], ("sched",), os.environ)
    pid = provisioner.start_parent(["sched"])
    assert Path(origin.address).exists()
    assert gone(pid)
    assert not Path(origin.address).exists()


@pytest.mark.parametrize(
    ("module", "problem"), [("no_such_module", "ModuleNotFoundError"), ("starter", "starts threads")]
)
def test_parent_that_cannot_start_says_why(libraries: Path, module: str, problem: str) -> None:
    with pytest.raises(RuntimeError, match=problem):
        provisioner.start_parent([module])


def test_ordinary_kernel_serves_without_fork(
    light: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    provisioner.warn_once.cache_clear()
    monkeypatch.delattr(os, "fork")
    with caplog.at_level(logging.WARNING):
        results = [texts(light, "import os; print(os.getppid())") for _ in range(2)]
    assert results == [[str(os.getpid())]] * 2
    assert [record.name for record in caplog.records].count("autograder.kernels.provisioner") == 1


def test_another_program_is_refused() -> None:
    with pytest.raises(ValueError, match="ipykernel_launcher"):
        provisioner.fork_kernel(["bash"], (), "", env={})
