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

from autograder import cluster, log, run
from autograder.course import Course
from autograder.errors import CourseError
from autograder.run import store
from tests.classroom import solutions, write_answers
from tests.conftest import BIN, Command
from tests.hostile.conftest import hand_in
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
    begun_at = course.root / "log.txt"
    for number in range(6):
        code = f"import os, time\nopen({str(begun_at)!r}, 'a').write('began {number}\\n')\ntime.sleep(2)"
        write_notebook(course, f"slow{number}", code)
    running = subprocess.Popen(
        [BIN / "course", "run", "--cluster", address], cwd=course.root, stdout=subprocess.PIPE, text=True
    )
    _wait_for(lambda: begun_at.exists() and len(begun_at.read_text("utf-8").splitlines()) >= 3)
    os.kill(workers[0], signal.SIGKILL)
    table, _ = running.communicate(timeout=120)
    assert running.returncode == 0, table
    assert "failed" not in table
    begun = begun_at.read_text("utf-8").splitlines()
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

    monkeypatch.setattr(run, "executors", lambda *_: Cluster(1))
    good, lost = sorted(run.run(course, course.notebooks()), key=lambda one: bool(one.error))
    assert (good.name, good.error) == ("tiny/first", "")
    assert (lost.name, lost.error) == ("tiny/deadly", "no worker could finish it (KilledWorker)")
    assert [record["run"]["name"] for record in store(course).records()] == ["tiny/first"]


def test_submissions_are_graded_on_a_cluster_of_which_a_worker_dies(
    course: Course, command: Command, scheduler: tuple[str, list[int]]
) -> None:
    address, workers = scheduler
    command("course", "release", "tiny")
    release = (course.grading / "release" / "tiny" / "first.ipynb").read_bytes()
    for number in range(8):
        path = hand_in(course, f"s{number}", release)
        write_answers(
            path, {**solutions(course.notebook("tiny/first")), "rarest": "import time\ntime.sleep(1)\nrarest = 17"}
        )
    running = subprocess.Popen(
        [BIN / "course", "grade", "tiny", "--cluster", address], cwd=course.root, stdout=subprocess.DEVNULL
    )
    _wait_for(lambda: len(log.latest(course, "tiny")) >= 2)
    os.kill(workers[0], signal.SIGKILL)
    assert running.wait(120) == 0
    points = {
        entry.student: entry.scores["first/rarest-tests"] + entry.scores["first/sensitivity-tests"]
        for entry in log.entries(course)
    }
    assert points == {f"s{number}": 5 for number in range(8)}
    assert len(list(log.entries(course))) == 8


def test_a_cluster_that_everyone_has_left_is_given_up(
    course: Course, scheduler: tuple[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, workers = scheduler
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    for number in range(2):
        write_notebook(course, f"slow{number}", "import time\ntime.sleep(60)")

    def leave(ended: run.Run) -> None:
        for worker in workers:
            os.kill(worker, signal.SIGKILL)

    with pytest.raises(CourseError, match="no workers any more"):
        run.run(course, course.notebooks(), cluster=address, done=leave)
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
