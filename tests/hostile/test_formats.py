"""Submissions whose very files are hostile, and what becomes of them."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autograder import cli, log
from autograder.course import Course
from tests.hostile.conftest import hand_in, hand_in_honest, make_course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="grading asks for Linux")

Notebook = dict[str, Any]
FULL = {"first/sensitivity-tests": 3, "first/rarest-tests": 2}
NOTHING = {"first/sensitivity-tests": 0, "first/rarest-tests": 0}
RIGHT = {"sensitivity": "def sensitivity(tp, fn):\n    return tp / (tp + fn) if tp + fn else float('nan')", "rarest": "rarest = 17"}


@dataclass(frozen=True)
class Case:
    """One hostile file: what it tries, how it is made, and what must come of it."""

    tries: str
    make: Callable[[Course, str, Notebook], object]
    scores: dict[str, float]
    says: str = ""
    evidence: str = ""


def write(course: Course, student: str, notebook: Notebook | bytes) -> Path:
    return hand_in(course, student, notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())


def find(notebook: Notebook, name: str) -> dict[str, Any]:
    (cell,) = (cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)
    return dict(cell)


def broken(course: Course, student: str, notebook: Notebook) -> None:
    write(course, student, json.dumps(notebook).encode()[:-20])


def gigantic(course: Course, student: str, notebook: Notebook) -> None:
    os.truncate(write(course, student, b"{"), 200_000_000)


def many_cells(course: Course, student: str, notebook: Notebook) -> None:
    notebook["cells"] *= 100_000 // len(notebook["cells"]) + 1
    write(course, student, notebook)


def deep(course: Course, student: str, notebook: Notebook) -> None:
    write(course, student, b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b', "nbformat": 4}')


def strange_cells(course: Course, student: str, notebook: Notebook) -> None:
    notebook["cells"][3] = {"cell_type": "../../evil", "metadata": [], "source": {"x": 1}}
    write(course, student, notebook)


def doubled_ids(course: Course, student: str, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "sensitivity-tests"
    write(course, student, notebook)


def deleted_tests(course: Course, student: str, notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]
    write(course, student, notebook)


def doubled_tests(course: Course, student: str, notebook: Notebook) -> None:
    empty = {**find(notebook, "sensitivity-tests"), "source": "3.0"}
    notebook["cells"] += [empty, {**empty, "id": "again"}]
    write(course, student, notebook)


def emptied_tests(course: Course, student: str, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = "None"
    write(course, student, notebook)


def turned_into_text_tests(course: Course, student: str, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["cell_type"] = "markdown"
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    write(course, student, notebook)


def first_tests(course: Course, student: str, notebook: Notebook) -> None:
    notebook["cells"] = notebook["cells"][::-1]
    write(course, student, notebook)


def points_edited(course: Course, student: str, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        said = cell["metadata"].get("nbgrader", {})
        if said.get("grade"):
            said["points"] = 300
    write(course, student, notebook)


def answers_that_grade_themselves(course: Course, student: str, notebook: Notebook) -> None:
    for name in ("sensitivity", "rarest"):
        said = find(notebook, name)["metadata"]["nbgrader"]
        said.update(grade=True, points=5, solution=False, locked=True)
    write(course, student, notebook)


def metadata_of_another_cell(course: Course, student: str, notebook: Notebook) -> None:
    mine, tests = find(notebook, "rarest"), find(notebook, "sensitivity-tests")
    mine["metadata"]["nbgrader"], tests["metadata"]["nbgrader"] = tests["metadata"]["nbgrader"], mine["metadata"]["nbgrader"]
    write(course, student, notebook)


def strange_metadata(course: Course, student: str, notebook: Notebook) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"nbgrader": {"grade_id": ["sensitivity-tests"], "points": "many", "grade": {}}, "verdict": {"score": 5}}
        cell["id"] = f"other-{number}"
    notebook["metadata"] = {"kernelspec": {"name": "../../evil", "argv": ["sh"]}, "notes": ["full marks"]}
    write(course, student, notebook)


def attachments(course: Course, student: str, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {"../../../gradebook.db": {"image/png": "aGVsbG8="}, "x.html": {"text/html": "<script>"}}
    write(course, student, notebook)


def link_to_another(course: Course, student: str, notebook: Notebook) -> None:
    path = write(course, student, b"")
    path.unlink()
    path.symlink_to(course.grading / "submitted" / "honest" / "tiny" / "first.ipynb")


def link_to_the_solutions(course: Course, student: str, notebook: Notebook) -> None:
    path = write(course, student, notebook)
    path.with_name("data").symlink_to(course.root / "labs")
    path.with_name("solutions.txt").symlink_to(course.notebook("tiny/first"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "sensitivity":
            cell["source"] = "import os\nprint(os.listdir('.'), open('solutions.txt').read())"
    write(course, student, notebook)


def pipe(course: Course, student: str, notebook: Notebook) -> None:
    path = write(course, student, b"")
    path.unlink()
    os.mkfifo(path)


def device(course: Course, student: str, notebook: Notebook) -> None:
    path = write(course, student, b"")
    path.unlink()
    path.symlink_to("/dev/zero")


def folder(course: Course, student: str, notebook: Notebook) -> None:
    path = write(course, student, b"")
    path.unlink()
    path.mkdir()
    (path / "first.ipynb").write_text("{}")


def strange_name(course: Course, student: str, notebook: Notebook) -> None:
    path = write(course, student, notebook)
    path.rename(path.with_name(os.fsdecode(b"\xff\x1b]0;owned\x07.ipynb")))


CASES = {
    "broken": Case("is cut off in the middle", broken, NOTHING, "is not JSON"),
    "gigantic": Case("is a notebook of 200 MB", gigantic, NOTHING, "is larger than 50 MB"),
    "many_cells": Case("has 100,000 cells", many_cells, NOTHING, "cells, more than 2,000"),
    "deep": Case("is nested deeper than a parser goes", deep, NOTHING, "is not a notebook"),
    "strange_cells": Case("has cells of no kind", strange_cells, NOTHING, "cell 4 is neither code nor text"),
    "doubled_ids": Case("gives all cells the same id", doubled_ids, FULL),
    "tests_deleted": Case("deletes the tests", deleted_tests, FULL, "was missing and was put back"),
    "tests_doubled": Case("adds easier tests of the same name", doubled_tests, FULL, "occurs 3 times; it was run once"),
    "tests_emptied": Case("empties the tests", emptied_tests, FULL, "can't be changed"),
    "tests_turned_into_text": Case("turns the tests into text", turned_into_text_tests, FULL),
    "tests_first": Case("turns the order of the cells round", first_tests, FULL, "stood before the answer"),
    "points_edited": Case("raises its points", points_edited, FULL, "", "claims points 300"),
    "grading_itself": Case("declares answers to be graded cells", answers_that_grade_themselves, FULL, "", "claims grade True"),
    "metadata_of_another": Case("swaps the metadata of two cells", metadata_of_another_cell, {**FULL, "first/rarest-tests": 0}),
    "strange_metadata": Case("writes nonsense into the metadata", strange_metadata, FULL, "is missing from the notebook", "claims points 'many'"),
    "attachments": Case("attaches files under paths that lead out", attachments, FULL),
    "link_to_another": Case("hands in a link to another's notebook", link_to_another, NOTHING, "is a link"),
    "link_to_the_solutions": Case("hands in links to the solutions", link_to_the_solutions, {**FULL, "first/sensitivity-tests": 0}),
    "pipe": Case("hands in a pipe that nobody writes to", pipe, NOTHING, "is not a file"),
    "device": Case("hands in a device that never ends", device, NOTHING, "is a link"),
    "folder": Case("hands in a folder", folder, NOTHING, "no notebook"),
    "strange_name": Case("has a name that no text can hold and that commands a terminal", strange_name, NOTHING, "found \ufffd.ipynb, expected"),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """All of them graded together, beside an honest one."""
    course = make_course(tmp_path_factory.mktemp("formats") / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_ROOT", str(course.root))
        assert CliRunner().invoke(cli.app, ["release", "tiny"]).exit_code == 0
        release = course.grading / "release" / "tiny" / "first.ipynb"
        hand_in_honest(course, release)
        for name, case in CASES.items():
            notebook = json.loads(release.read_bytes())
            for cell in notebook["cells"]:
                given = cell["metadata"].get("nbgrader", {}).get("grade_id")
                cell["source"] = RIGHT.get(given, cell["source"])
            case.make(course, name, notebook)
        done = CliRunner().invoke(cli.app, ["grade", "tiny"])
    assert done.exit_code == 1, done.output
    assert not {"\x1b", "\x07"} & set(done.output)
    return course


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_gains_nothing(graded: Course, name: str) -> None:
    case = CASES[name]
    entry = log.latest(graded, "tiny")[name]
    assert {cell: score for cell, score in entry.scores.items() if cell in FULL} == case.scores, entry
    assert case.says in "\n".join(entry.notes), entry.notes
    assert case.evidence in "\n".join(entry.evidence)
    assert bool(entry.evidence) == bool(case.evidence)


def test_the_honest_one_has_full_marks(graded: Course) -> None:
    assert log.latest(graded, "tiny")["honest"].scores == FULL


def test_nothing_of_the_solutions_is_kept_with_a_submission(graded: Course) -> None:
    for path in (graded.grading / "autograded").rglob("*"):
        assert not path.is_symlink()
        if path.is_file() and path.suffix != ".ipynb":
            assert "SOLUTION" not in path.read_text("utf-8", "replace")
    shown = (graded.grading / "autograded" / "link_to_the_solutions" / "tiny" / "first.ipynb").read_text("utf-8")
    assert "found_share" not in shown


@pytest.mark.parametrize("name", ["../../../evil_1_2_first.ipynb", "/tmp/evil_1_2_first.ipynb", "C:\\evil_1_2_first.ipynb"])
def test_an_archive_with_paths_that_lead_out_is_refused(graded: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(graded.root))
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as file:
        file.writestr("kari_1_2_first.ipynb", b"{}")
        file.writestr(name, b"{}")
    done = CliRunner().invoke(cli.app, ["collect", "tiny", "--zip", str(tmp_path / "evil.zip")])
    assert "leads out of the archive" in str(done.exception)
    assert not list(graded.root.parent.rglob("*evil*"))
    assert not (graded.grading / "submitted" / "1").exists()


def test_an_archive_that_grows_without_end_is_refused(graded: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(graded.root))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as file, file.open("kari_1_2_first.ipynb", "w", force_zip64=True) as entry:
        for _ in range(300):
            entry.write(bytes(10**6))
    done = CliRunner().invoke(cli.app, ["collect", "tiny", "--zip", str(tmp_path / "bomb.zip")])
    assert "grows to" in str(done.exception)
    assert not (graded.grading / "submitted" / "1").exists()
