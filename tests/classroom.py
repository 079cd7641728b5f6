"""Students for the tests: they open a notebook, write into its cells, and hand it in."""

from __future__ import annotations

import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
import requests

from autograder import lab
from autograder.course import Course
from tests.conftest import BIN


def solutions(source: Path) -> dict[str, str]:
    """Return the right answer to every exercise and essay of a lab, by name, as a cell's whole text."""
    cells = lab.read(source).cells
    return {cell.name: _answer(cell) for cell in cells if cell.role in ("exercise", "essay")}


def _answer(cell: lab.Cell) -> str:
    if cell.role == "essay":
        return lab.secrets(cell)[0]
    return "\n".join(line for line in cell.source.split("\n") if " SOLUTION" not in line)


def write_answers(notebook: Path, answers: Mapping[str, str]) -> None:
    """Write answers into a student's notebook, by the name of the exercise."""
    opened = nbformat.read(notebook, as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in opened.cells}
    for name, answer in answers.items():
        cells[name].source = answer
    nbformat.write(opened, notebook)


def archive(path: Path, submissions: Mapping[str, bytes], filename: str) -> Path:
    """Make an archive as Canvas gives it: one file a student, her number in its name."""
    with zipfile.ZipFile(path, "w") as file:
        for place, (student, content) in enumerate(submissions.items()):
            file.writestr(f"nordmannkari_{student}_{9000 + place}_{filename}", content)
    return path


@contextmanager
def formgrader(course: Course) -> Iterator[tuple[str, requests.Session]]:
    """Serve nbgrader's formgrader on the course, as an instructor does with ``jupyter lab``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=secret"]
    server = subprocess.Popen([BIN / "jupyter", "server", *options], cwd=course.root, stderr=subprocess.DEVNULL)
    session = requests.Session()
    session.headers["Authorization"] = "token secret"
    try:
        for _ in range(300):
            try:
                if session.get(f"{url}/formgrader/api/status", timeout=5).ok:
                    break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield url, session
    finally:
        server.terminate()
        server.wait(20)
