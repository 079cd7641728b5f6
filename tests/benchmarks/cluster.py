"""How a Dask cluster of two workers on this machine compares with two local workers: 200 small notebooks, five times.

Run as ``python -m tests.benchmarks.cluster``. The two take turns. Both have their warm parents running, as they have in
all but the first seconds of a long run.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from autograder import run
from autograder.course import Course

NOTEBOOKS, ROUNDS, BAR = 200, 5, 1.2
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SOURCE = """\
# ---
# title: Small
# objectives: [counting]
# minutes: 1
# data: []
# ---

# %% tags=["parameters"]
profile = "quick"
device = "auto"

# %%
import numpy as np

print(np.arange({number} + 2).sum())
"""


def course(folder: Path) -> Course:
    """Make a course of many small notebooks."""
    for path, text in {
        "_config.yml": "title: Small\n",
        "book/objectives.yml": "counting:\n  text: Count.\n",
        "labs/small/index.md": "# Small\n",
        "requirements.txt": "",
        **{f"labs/small/n{number:03}.py": SOURCE.format(number=number) for number in range(NOTEBOOKS)},
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return Course(folder)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Start a scheduler and two workers; give the scheduler's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = ["scheduler", "--port", address.rpartition(":")[2], *local]
    worker = ["worker", address, "--nthreads", "1", "--no-nanny", *local]
    # Dask's profiler asks for the frames of all threads, which can hang Python 3.11 for ever
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    processes = [subprocess.Popen([BIN / "dask", *words], **quiet) for words in (scheduler, worker, worker)]  # type: ignore[call-overload]
    try:
        time.sleep(8)
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def seconds(small: Course, sources: list[Path], address: str | None) -> float:
    """Run all notebooks with an empty store; return the wall time."""
    run.store(small).clean(0)
    began = time.perf_counter()
    runs = run.run(small, sources, workers=2, cluster=address)
    taken = time.perf_counter() - began
    assert not any(one.error or one.cached for one in runs), next(one for one in runs if one.error or one.cached)
    return taken


def main() -> int:
    """Print the times and the ratio; the exit status says whether the bar is passed."""
    with tempfile.TemporaryDirectory() as folder, cluster() as address:
        small = course(Path(folder))
        sources = small.notebooks()
        for where in (None, address):
            seconds(small, sources[:4], where)  # starts the parents
        local, dask = [], []
        for _ in range(ROUNDS):
            local.append(seconds(small, sources, None))
            dask.append(seconds(small, sources, address))
            print(f"{NOTEBOOKS} notebooks: local {local[-1]:.1f} s, Dask {dask[-1]:.1f} s", flush=True)
    ratio = statistics.median(dask) / statistics.median(local)
    print(f"ratio of medians, Dask to local: {ratio:.2f} (bar: {BAR})")
    return int(ratio > BAR)


if __name__ == "__main__":
    sys.exit(main())
