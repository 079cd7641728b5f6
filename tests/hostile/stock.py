"""The hostile submissions under `course grade` and under nbgrader's own `nbgrader autograde`, side by side.

Run as ``python -m tests.hostile.stock``, in a container or on a machine that holds nothing else: nbgrader runs the
attacks with your rights. Those that would harm the machine are left out for nbgrader.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from autograder import log
from autograder.course import Course
from autograder.gradebook import gradebook
from tests.hostile.conftest import ATTACKS, hand_in_honest, make_course

BIN = Path(sys.executable).parent
SECONDS = 90
#: What would fill the disk or the memory of a machine that nbgrader shares with it, or change its libraries.
HARMFUL = {
    "use_disk",
    "use_fork_bomb",
    "use_memory",
    "use_memory_of_many",
    "use_orphan",
    "use_output",
    "use_recursion",
    "use_threads",
    "write_libraries",
    "write_sandbox",
}


def scores(course: Course, student: str) -> str:
    """Return the automatic points of a student as nbgrader's gradebook has them."""
    with gradebook(course) as book:
        grades = [
            g for n in book.find_submission("tiny", student).notebooks for g in n.grades if g.name.endswith("-tests")
        ]
        by_hand = sum(g.manual_score or 0 for g in grades)
        points = "lost" if all(g.auto_score is None for g in grades) else f"{sum(g.auto_score or 0 for g in grades):g}"
        return points + (f", {by_hand:g} by hand" if by_hand else "")


def call(course: Course, *words: str, program: str = "course") -> bool:
    """Run a command in a course and end all that it has started; return whether it ended in time."""
    environment = os.environ | {"COURSE_ROOT": str(course.root)}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen([BIN / program, *words], cwd=course.root, env=environment, **quiet)  # type: ignore[call-overload]
    family: list[psutil.Process] = []
    end = time.monotonic() + SECONDS
    while running.poll() is None and time.monotonic() < end:
        with contextlib.suppress(psutil.NoSuchProcess):
            family = psutil.Process(running.pid).children(recursive=True) or family
        time.sleep(0.2)
    in_time = running.poll() is not None
    running.kill()
    running.wait()
    for process in family if program == "nbgrader" else ():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    return in_time


def ours() -> dict[str, str]:
    """Grade all of them with our own command."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "course")
        call(course, "release", "tiny")
        release = course.grading / "release" / "tiny" / "first.ipynb"
        hand_in_honest(course, release)
        for attack in ATTACKS:
            attack.write(release, course)
        call(course, "grade", "tiny")
        found = {}
        for student, entry in log.latest(course, "tiny").items():
            flag = ", flagged" if entry.evidence else ""
            found[student] = scores(course, student) + flag
        return found


def theirs(name: str) -> str:
    """Grade one of them with nbgrader's own command, in a course of its own."""
    if name in HARMFUL:
        return "not run"
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "course")
        call(course, "release", "tiny")
        release = course.grading / "release" / "tiny" / "first.ipynb"
        hand_in_honest(course, release)
        for attack in ATTACKS:
            if attack.name == name:
                attack.write(release, course)
        in_time = call(
            course, "autograde", "tiny", f"--student={name}", "--ExecutePreprocessor.timeout=20", program="nbgrader"
        )
        if not in_time:
            return f"hung for {SECONDS} s"
        try:
            return scores(course, name)
        except Exception as error:
            return f"gradebook broken ({type(error).__name__})"


def main() -> None:
    """Print both columns."""
    mine = ours()
    print(f"{'submission':24} {'tries':74} {'course grade':18} nbgrader autograde")
    print(f"{'honest':24} {'the right answers':74} {mine['honest']:18} {theirs('honest')}")
    for attack in ATTACKS:
        print(f"{attack.name:24} {attack.tries[:74]:74} {mine[attack.name]:18} {theirs(attack.name)}", flush=True)


if __name__ == "__main__":
    main()
