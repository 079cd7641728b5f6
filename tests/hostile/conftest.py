"""A lab, a class of hostile students, and one honest one among them."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from autograder.course import Course
from tests.classroom import solutions, write_answers
from tests.conftest import ROOT

HERE = Path(__file__).parent
LIMITS = (
    "limits: {cell_seconds: 4, tests_seconds: 20, seconds: 60, memory_gb: 1, output: 20000, file_mb: 20, processes: 40}"
)
#: Where nobody listens (the discard service).
NOWHERE = 9


@dataclass(frozen=True)
class Attack:
    """One hostile submission, from its file.

    Attributes
    ----------
    name : str
        What it is called, and the id of its student.
    tries : str
        What it tries.
    must : frozenset of str
        What must come of it: "earn nothing" always; "flagged" if it leaves a trace; "limit" if it hits one.
    cells : list of str
        The text of the first answer, and of further cells at the end.
    """

    name: str
    tries: str
    must: frozenset[str]
    cells: list[str]

    @classmethod
    def read(cls, path: Path) -> Attack:
        """Read a file."""
        text = path.read_text("utf-8")
        tries, must = (re.search(rf"^# {word}: (.+)$", text, re.MULTILINE) for word in ("tries", "must"))
        assert tries, f"{path} does not say what it tries"
        assert must, f"{path} does not say what must happen"
        return cls(path.stem, tries[1], frozenset(must[1].split(", ")), text.split("# %%\n"))

    def write(self, release: Path, course: Course, port: int = NOWHERE) -> None:
        """Hand it in, aimed at a port of this machine."""
        notebook = nbformat.read(release, as_version=4)
        first, *rest = (text.replace("COURSE", str(course.root)).replace("PORT", str(port)) for text in self.cells)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name == "sensitivity":
                cell.source = first
            elif name == "rarest":
                cell.source = "# see above"
        notebook.cells += [new_code_cell(text) for text in rest]
        hand_in(course, self.name, nbformat.writes(notebook).encode())


ATTACKS = [Attack.read(path) for path in sorted(HERE.glob("*_*.py")) if not path.name.startswith(("__", "test_"))]


def hand_in(course: Course, student: str, content: bytes, name: str = "first.ipynb", lab: str = "tiny") -> Path:
    """Put a notebook where collected submissions lie."""
    path = course.grading / "submitted" / student / lab / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def hand_in_honest(course: Course, release: Path, student: str = "honest") -> None:
    """Hand in the right answers."""
    path = hand_in(course, student, release.read_bytes())
    write_answers(path, solutions(course.notebook("tiny/first")))


def make_course(root: Path) -> Course:
    """Make the tiny course with small limits in a folder of its own."""
    shutil.copytree(ROOT / "tests" / "fixtures" / "course", root)
    for name in ("nbgrader_config.py", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    source = root / "labs" / "tiny" / "first.py"
    source.write_text(source.read_text("utf-8").replace("# data: []", f"# data: []\n# {LIMITS}"), "utf-8")
    return Course(root)
