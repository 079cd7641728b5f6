"""How long ``course build`` takes when nothing, or one page of prose, has changed.

Run as ``python -m tests.benchmarks.build``. ``jupyter-book build .`` on the same book, with a cache of its own, takes
turns with it, so that what else the machine does falls on both. Works on copies of the course.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PARTS = (
    "_config.yml",
    "_toc.yml",
    "index.md",
    "book",
    "labs",
    "project",
    "exam",
    "requirements.txt",
    "nbgrader_config.py",
)
ROUNDS = 5
UNCHANGED, EDITED, SHARE = 3.0, 8.0, 0.5


def copy(folder: Path) -> Path:
    """Copy the course, with nothing built."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            folder.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def seconds(folder: Path, *words: str) -> float:
    """Wall time of one command."""
    began = time.perf_counter()
    done = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - began


def main() -> int:
    """Print the times, medians and ratios; the exit status says whether the bars hold."""
    with tempfile.TemporaryDirectory() as scratch:
        ours, theirs = copy(Path(scratch) / "ours"), copy(Path(scratch) / "theirs")
        print(f"first build: {seconds(ours, 'course', 'build'):.1f} s")
        shutil.copytree(ours / "_build" / "runs", theirs / "_build" / "runs")
        seconds(theirs, "jupyter-book", "build", ".")
        times: dict[str, list[float]] = {}
        for number in range(ROUNDS):
            times.setdefault("course build, unchanged", []).append(seconds(ours, "course", "build"))
            times.setdefault("jupyter-book, unchanged", []).append(seconds(theirs, "jupyter-book", "build", "."))
            word = f"remark{number}"
            for folder in (ours, theirs):
                with (folder / "book" / "challenge-map.md").open("a", encoding="utf-8") as page:
                    page.write(f"\nOne {word}.\n")
            times.setdefault("course build, edited", []).append(seconds(ours, "course", "build"))
            times.setdefault("jupyter-book, edited", []).append(seconds(theirs, "jupyter-book", "build", "."))
            for folder in (ours, theirs):
                if word not in (folder / "_build" / "html" / "book" / "challenge-map.html").read_text("utf-8"):
                    sys.exit(f"The edit is not on the page of {folder.name}.")
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, taken in times.items():
        print(f"{name:24} {' '.join(f'{one:.2f}' for one in taken)}  median {medians[name]:.2f} s")
    unchanged, edited = medians["course build, unchanged"], medians["course build, edited"]
    share = unchanged / medians["jupyter-book, unchanged"]
    print(f"unchanged: {unchanged:.2f} s (bar: {UNCHANGED:g}), {share:.2f} of jupyter-book (bar: {SHARE:g})")
    print(f"edited: {edited:.2f} s (bar: {EDITED:g}), {edited / medians['jupyter-book, edited']:.2f} of jupyter-book")
    return int(unchanged > UNCHANGED or share > SHARE or edited > EDITED)


if __name__ == "__main__":
    sys.exit(main())
