"""How long the question bank takes to reach every outlet.

Run as ``python -m tests.benchmarks.exam [outlets] [paper]``; without words, both.

outlets
    Every question of the public bank, of which there are 120 at least, drawn with 20 seeds in two languages, as QTI,
    Moodle XML, JSON and notebooks, on as many processes as there are cores.
paper
    An exam of 30 questions in five shuffled versions with its key, as PDF.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import product
from pathlib import Path

from autograder.course import Course
from autograder.exam import moodle, notebook, paper, qti, sheet
from autograder.exam.bank import Bank
from autograder.exam.item import LANGUAGES, Language
from autograder.exam.question import Question

CORES = os.cpu_count() or 1
SEEDS, VERSIONS = 20, 5


@cache
def bank() -> list[Question]:
    """Read the public bank, in an order that mixes its types."""
    questions = Bank.public(Course(Path(__file__).parents[2])).questions.values()
    return sorted(questions, key=lambda question: question.id[::-1])


def write(seed: int, language: Language, folder: Path) -> dict[str, float]:
    """Write one draw of the bank to every outlet; return the seconds that each took."""
    began = time.monotonic()
    items = [question.item(seed, language) for question in bank()]
    took = {"drawing": time.monotonic() - began}
    name = f"{seed}-{language}"
    outlets = {
        "QTI": lambda: qti.package(items, folder / f"{name}.zip", name),
        "Moodle": lambda: (folder / f"{name}.xml").write_text(moodle.xml(items, name), "utf-8"),
        "JSON": lambda: (folder / f"{name}.json").write_text(sheet.json_of(items), "utf-8"),
        "notebook": lambda: notebook.lab(items, folder / name, name, ["evidence"], 60),
    }
    for outlet, export in outlets.items():
        began = time.monotonic()
        export()
        took[outlet] = time.monotonic() - began
    return took


def outlets() -> bool:
    """Write all draws, and say what each outlet took."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(CORES) as executor:
        began = time.monotonic()
        draws = list(product(range(1, SEEDS + 1), LANGUAGES))
        took = list(executor.map(write, *zip(*draws, strict=True), [Path(folder)] * len(draws)))
        wall = time.monotonic() - began
    parts = ", ".join(f"{name} {sum(one[name] for one in took):.0f} s" for name in took[0])
    print(f"outlets: {len(bank())} questions × {SEEDS} seeds × 2 languages in {wall:.0f} s (bar: 90); CPU: {parts}")
    return wall <= 90


def on_paper() -> bool:
    """Print five versions and the key."""
    items = [question.item(1, "en") for question in bank()[:30]]
    cover = paper.Cover(datetime.date(2027, 1, 28), 120, "", 20)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        exams = paper.versions(items, VERSIONS, 1)
        for letter, exam in zip(paper.LETTERS, exams, strict=False):
            paper.paper(exam, Path(folder) / f"{letter}.pdf", title="Exam", version=letter, cover=cover)
        paper.key(exams, Path(folder) / "key.pdf", title="Exam", cover=cover, misconceptions={})
        wall = time.monotonic() - began
    print(f"paper: {len(items)} questions in {VERSIONS} versions, and a key, in {wall:.1f} s (bar: 60)")
    return wall <= 60


if __name__ == "__main__":
    print(f"{CORES} cores, {platform.machine()}, Python {platform.python_version()}")
    wanted = sys.argv[1:] or ["outlets", "paper"]
    runs = {"outlets": outlets, "paper": on_paper}
    held = [runs[word]() for word in wanted]
    sys.exit(0 if all(held) else 1)
