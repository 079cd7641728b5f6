"""Running on a Dask cluster: a real scheduler, two workers, and one of them dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from distributed import KilledWorker

from autograder import run
from autograder.course import Course
from autograder.run import store
from tests.conftest import BIN, Command
from tests.notebooks import write_notebook

LOCAL = ["--host", "127.0.0.1", "--no-dashboard"]
# Dask's profiler asks for the frames of all threads, which can hang Python 3.11 for ever
ENVIRONMENT = {**os.environ, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[int]]]:
    """A scheduler's address, and the process numbers of its two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    worker = [BIN / "dask", "worker", address, "--nthreads", "1", "--no-nanny", *LOCAL]
    commands = [[BIN / "dask", "scheduler", "--port", str(port), *LOCAL], worker, worker]
    with ExitStack() as stack:
        processes = []
        for number, command in enumerate(commands):
            log = stack.enter_context((tmp_path / f"dask{number}.log").open("wb"))
            process = subprocess.Popen(command, cwd=tmp_path, env=ENVIRONMENT, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            processes.append(process.pid)
        _wait_for(lambda: (tmp_path / "dask0.log").read_text("utf-8").count("Register worker") == 2)
        yield address, processes[1:]


def test_a_worker_that_dies_loses_nothing(course: Course, command: Command, scheduler: tuple[str, list[int]]) -> None:
    address, workers = scheduler
    log = course.root / "log.txt"
    for number in range(6):
        code = f"import os, time\nopen({str(log)!r}, 'a').write('began {number}\\n')\ntime.sleep(2)"
        write_notebook(course, f"slow{number}", code)
    running = subprocess.Popen(
        [BIN / "course", "run", "--cluster", address], cwd=course.root, stdout=subprocess.PIPE, text=True
    )
    _wait_for(lambda: log.exists() and len(log.read_text("utf-8").splitlines()) >= 3)
    os.kill(workers[0], signal.SIGKILL)
    table, _ = running.communicate(timeout=120)
    assert running.returncode == 0, table
    assert "failed" not in table
    begun = log.read_text("utf-8").splitlines()
    assert len(begun) > len(set(begun)) == 6  # what the dead worker had begun was begun again
    names = [record["run"]["name"] for record in store(course).records()]
    assert sorted(names) == ["tiny/first", *(f"tiny/slow{number}" for number in range(6))]
    assert command("course", "run").stdout.count("unchanged") == 7


def test_a_notebook_that_the_cluster_gives_up_fails_alone(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    write_notebook(course, "deadly", "print(6 * 7)")

    class Cluster(ThreadPoolExecutor):
        """Loses one notebook, as Dask does when it has cost too many workers."""

        def submit(self, function, job):  # type: ignore[no-untyped-def, override]
            if job.name != "tiny/deadly":
                return super().submit(function, job)
            lost: Future[object] = Future()
            lost.set_exception(KilledWorker("execute", SimpleNamespace(address="tcp://127.0.0.1:1"), 3))
            return lost

    monkeypatch.setattr(run, "_executor", lambda *_: Cluster(1))
    good, lost = sorted(run.run(course, course.notebooks()), key=lambda one: bool(one.error))
    assert (good.name, good.error) == ("tiny/first", "")
    assert (lost.name, lost.error) == ("tiny/deadly", "no worker could finish it (KilledWorker)")
    assert [record["run"]["name"] for record in store(course).records()] == ["tiny/first"]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_a_cluster_that_is_not_there_is_named(course: Course, command: Command, address: str) -> None:
    stderr = command("course", "run", "--cluster", address, code=1).stderr
    assert f"There is no Dask scheduler at {address}" in " ".join(stderr.split())
    assert "Traceback" not in stderr


def _wait_for(condition) -> None:  # type: ignore[no-untyped-def]
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError
