"""What the machinery costs: all notebooks of the course with a cold store, against the CPU time of their cells.

Run as ``python -m tests.benchmarks.overhead [CORES]``. Prints wall × cores ÷ CPU seconds of the kernels, five times; each
round is a fresh process on an empty store, so that the start of Python, of the warm parent and of papermill counts.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
BAR = 1.3
ROOT = Path(__file__).parents[2]


def one_round(cores: int) -> float:
    """Run every notebook once in a copy of the course that has run none; return the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("_config.yml", "book", "labs", "requirements.txt"):
            (Path(folder) / name).symlink_to(ROOT / name)
        command = [Path(sys.executable).with_name("course"), "run", "--workers", str(cores)]
        environment = {**os.environ, "COURSE_ROOT": folder}
        began = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        wall = time.perf_counter() - began
        records = [json.loads(path.read_text()) for path in Path(folder).glob("_build/runs/*/run.json")]
    inside = sum(record["run"]["cpu_seconds"] for record in records)
    print(
        f"{len(records)} notebooks on {cores} cores: wall {wall:.1f} s, cells {inside:.1f} CPU s, ratio {wall * cores / inside:.2f}"
    )
    return wall * cores / inside


def main() -> int:
    """Print the ratios and their median; the exit status says whether the bar is passed."""
    cores = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    median = statistics.median(one_round(cores) for _ in range(ROUNDS))
    print(f"median {median:.2f} (bar: {BAR})")
    return int(median > BAR)


if __name__ == "__main__":
    sys.exit(main())
