"""How fast submissions are graded, against nbgrader's own command and against the limit that the cells themselves set.

Run as ``python -m tests.benchmarks.grade [torch] [ml] [limit] [memory] [cluster]``; without words, all of it, which takes
about an hour. The two that are compared take turns on the same honest submissions, and must give the same scores.

torch
    A lab that imports torch and monai: `course grade` on 60 submissions, `nbgrader autograde` on 12 of them.
ml
    The same for the first notebook of Lab 1.
limit
    Wall time times cores, over the CPU seconds that the same cells take in one warm process.
memory
    5,000 tiny submissions: resident memory of the coordinator after each 500.
cluster
    Two Dask workers against two local ones.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from autograder import grade, log, verdict
from autograder.course import Course
from autograder.courtroom import Courtroom
from autograder.gradebook import gradebook
from autograder.limits import Limits
from autograder.warden import Warden
from tests.benchmarks.cluster import cluster
from tests.classroom import solutions, write_answers
from tests.hostile.conftest import hand_in

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CORES = os.cpu_count() or 1
ROUNDS = 3
TWELVE = 12
HEAVY = '''\
# ---
# title: A small lab with large libraries
# objectives: [counting]
# minutes: 5
# data: []
# ---

# %% tags=["parameters"]
profile = "quick"
device = "auto"

# %%
import monai
import torch

image = torch.arange(64.0).reshape(1, 8, 8)

# %% exercise="dice"
def dice(mask, truth):
    """Return the Dice coefficient of two masks."""
    ### BEGIN SOLUTION
    overlap = (mask & truth).sum().item()
    return 2 * overlap / (mask.sum() + truth.sum()).item()
    ### END SOLUTION

# %% tests="dice" points=2
import torch

from autograder import checks

marks = checks.Marks()
with marks.part(1, "one pixel of two"):
    checks.close(dice(torch.tensor([True, True]), torch.tensor([True, False])), 2 / 3)
### BEGIN HIDDEN TESTS
with marks.part(1, "nothing in common"):
    checks.close(dice(torch.tensor([True, False]), torch.tensor([False, True])), 0)
### END HIDDEN TESTS
marks.total()

# %% exercise="scaled"
### BEGIN SOLUTION
scaled = monai.transforms.ScaleIntensity()(image)
### END SOLUTION

# %% tests="scaled" points=2
from autograder import checks

checks.close(scaled.max(), 1)
### BEGIN HIDDEN TESTS
checks.close(scaled.min(), 0)
checks.close(scaled[0, 4, 4], 36 / 63, rtol=1e-5)
### END HIDDEN TESTS
'''


def make(folder: Path, lab: str) -> Course:
    """Make a course of one lab: ``heavy``, ``ml``, or the tests' own ``tiny``."""
    shutil.copytree(ROOT / "tests" / "fixtures" / "course", folder)
    for name in ("nbgrader_config.py", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    if lab == "heavy":
        (folder / "labs" / "heavy").mkdir()
        (folder / "labs" / "heavy" / "index.md").write_text("# Heavy\n", "utf-8")
        (folder / "labs" / "heavy" / "heavy.py").write_text(HEAVY, "utf-8")
    if lab == "ml":
        (folder / "labs" / "ml").mkdir()
        for name in ("index.md", "diagnosis.py"):
            shutil.copy(ROOT / "labs" / "ml" / name, folder / "labs" / "ml")
        shutil.copytree(ROOT / "labs" / "clinic", folder / "labs" / "clinic")
        shutil.copytree(ROOT / "book", folder / "book", dirs_exist_ok=True)
    course = Course(folder)
    run(course, "course", "release", lab)
    return course


def submit(course: Course, lab: str, count: int) -> None:
    """Hand in right answers, each a little different."""
    (source,) = course.sources(lab)
    answers = solutions(source)
    release = (course.grading / "release" / lab / f"{source.stem}.ipynb").read_bytes()
    for number in range(count):
        path = hand_in(course, name_of(number), release, f"{source.stem}.ipynb", lab)
        write_answers(path, {name: f"{text}\n# {number}" for name, text in answers.items()})


def name_of(number: int) -> str:
    """Return a student's id; the first twelve can be told by their first letter."""
    return f"{'a' if number < TWELVE else 'b'}{number:04}"


def run(course: Course, *words: str) -> float:
    """Run a command in a course; return its wall time in seconds."""
    began = time.monotonic()
    environment = os.environ | {"COURSE_ROOT": str(course.root)}
    done = subprocess.run(
        [BIN / words[0], *words[1:]], cwd=course.root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}:\n{done.stdout}\n{done.stderr}")
    return time.monotonic() - began


def forget(course: Course, lab: str) -> None:
    """Forget every grade, so that all are given anew."""
    with gradebook(course) as book:
        for submission in book.assignment_submissions(lab):
            book.remove_submission(lab, submission.student_id)
    log.path(course).unlink(missing_ok=True)
    shutil.rmtree(course.grading / "autograded", ignore_errors=True)


def scores(course: Course, lab: str) -> dict[str, list[float]]:
    """Read all automatic scores by student."""
    with gradebook(course) as book:
        return {
            s.student_id: sorted(g.auto_score or 0 for n in s.notebooks for g in n.grades)
            for s in book.assignment_submissions(lab)
        }


def against_nbgrader(lab: str, bar: float) -> bool:
    """Compare throughput with nbgrader's own command."""
    with tempfile.TemporaryDirectory() as folder:
        course = make(Path(folder) / "course", lab)
        submit(course, lab, 60)
        ratios = []
        for _ in range(ROUNDS):
            forget(course, lab)
            ours = run(course, "course", "grade", lab) / 60
            given = scores(course, lab)
            forget(course, lab)
            theirs = run(course, "nbgrader", "autograde", lab, "--student=a*") / TWELVE
            theirs_given = scores(course, lab)
            assert all(given[student] == points for student, points in theirs_given.items()), "the scores differ"
            ratios.append(theirs / ours)
            print(
                f"{lab}: course grade {ours:.3f} s a submission, nbgrader autograde {theirs:.2f} s: {ratios[-1]:.0f} times",
                flush=True,
            )
        print(f"{lab}: median {statistics.median(ratios):.0f} times (bar: {bar:.0f})")
        return statistics.median(ratios) >= bar


def against_the_limit(bar: float) -> bool:
    """Compare with the CPU time of the cells alone, for Lab 1."""
    with tempfile.TemporaryDirectory() as folder:
        course = make(Path(folder) / "course", "ml")
        submit(course, "ml", 20)
        session = grade.Session(course, "ml", unsafe=False)
        warden = Warden(session.modules)
        (limits,) = session.limits.values()
        ratios = []
        for _ in range(ROUNDS):
            forget(course, "ml")
            wall = run(course, "course", "grade", "ml")
            cells = 20 * statistics.mean(cpu_of_cells(session, warden, limits, name_of(one)) for one in range(4))
            ratios.append(wall * CORES / cells)
            print(
                f"limit: {wall:.1f} s on {CORES} cores, the cells alone {cells:.1f} CPU s: {ratios[-1]:.2f}", flush=True
            )
        warden.close()
        print(f"limit: median {statistics.median(ratios):.2f} (bar: {bar})")
        return statistics.median(ratios) <= bar


def cpu_of_cells(session: grade.Session, warden: Warden, limits: Limits, student: str) -> float:
    """Return the CPU seconds that a submission's cells and tests take in a warm process, without start and end."""
    (notebook,) = session.prepare(student).notebooks.values()
    room = Courtroom(warden, limits, {}, grade.readable(), unsafe=False)
    try:
        before = {role: cpu(pid) for role, pid in room.pids.items()}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                room.run_tests(cell.source) if verdict.is_tests(cell) else room.run_cell(cell.source)
        return sum(cpu(pid) - before[role] for role, pid in room.pids.items())
    finally:
        room.close()


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process and its children."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


def memory(count: int) -> bool:
    """Grade many tiny submissions and watch the coordinator's memory."""
    with tempfile.TemporaryDirectory() as folder:
        course = make(Path(folder) / "course", "tiny")
        submit(course, "tiny", count)
        seen: list[float] = []

        def look(_: grade.Outcome) -> None:
            look.done += 1  # type: ignore[attr-defined]
            if look.done % 500 == 0:  # type: ignore[attr-defined]
                seen.append(psutil.Process().memory_info().rss / 1e6)
                print(f"memory: {seen[-1]:.0f} MB after {look.done}", flush=True)  # type: ignore[attr-defined]

        look.done = 0  # type: ignore[attr-defined]
        began = time.monotonic()
        grade.grade(course, "tiny", done=look)
        growth = (seen[-1] - seen[0]) / seen[0]
        print(
            f"memory: {count} in {time.monotonic() - began:.0f} s; from the first 500 to the last: {growth:+.1%} (bar: 5 %)"
        )
        return growth <= 0.05


def on_a_cluster(bar: float) -> bool:
    """Compare two Dask workers with two local ones, both warm."""
    with tempfile.TemporaryDirectory() as folder, cluster() as address:
        course = make(Path(folder) / "course", "tiny")
        submit(course, "tiny", 200)
        run(course, "course", "grade", "tiny", "--cluster", address)
        ratios = []
        for _ in range(ROUNDS):
            forget(course, "tiny")
            local = run(course, "course", "grade", "tiny", "--workers", "2")
            forget(course, "tiny")
            ratios.append(run(course, "course", "grade", "tiny", "--cluster", address) / local)
            print(f"cluster: {ratios[-1]:.2f} times as long as local ({local:.1f} s)", flush=True)
        print(f"cluster: median {statistics.median(ratios):.2f} (bar: {bar})")
        return statistics.median(ratios) <= bar


MEASURES: dict[str, Callable[[], bool]] = {
    "torch": lambda: against_nbgrader("heavy", 100),
    "ml": lambda: against_nbgrader("ml", 50),
    "limit": lambda: against_the_limit(1.8),
    "memory": lambda: memory(5000),
    "cluster": lambda: on_a_cluster(1.25),
}


def main() -> int:
    """Print what was measured; the exit status says whether every bar is passed."""
    print(f"{CORES} cores, {platform.machine()}, Python {platform.python_version()}")
    wanted = sys.argv[1:] or [*MEASURES]
    passed = [MEASURES[word]() for word in wanted]
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main())
