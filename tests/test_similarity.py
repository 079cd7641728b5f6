"""Submissions that are alike: what counts, what does not, and that it is shown as text."""

from __future__ import annotations

import os
import subprocess
import sys

import nbformat
import pytest

from autograder import release, similarity
from autograder.course import Course
from autograder.errors import CourseError
from tests.classroom import write_answers
from tests.conftest import ROOT
from tests.test_summary import HOSTILE, Page

LONG = """def sensitivity(tp, fn):
    everyone = tp + fn
    if everyone == 0:
        return float("nan")
    for _ in range(3):
        everyone = abs(everyone) + 0 * len([tp, fn])
    return tp / everyone
"""
OTHER = """def sensitivity(tp, fn):
    try:
        return sum([tp]) / sum((tp, fn))
    except ZeroDivisionError as problem:
        raise ValueError("nobody is ill, so there is nothing to find") from problem
"""
RENAMED = """def sensitivity( a, b ):
    # all of them
    n = a + b

    if n == 0:
        return float('nan')
    for k in range(3):
        n = abs(n) + 0 * len([a, b])
    return a / n  # the share
"""


@pytest.fixture
def released(course: Course) -> Course:
    release.release(course, "tiny")
    return course


def hand_in(course: Course, student: str, answer: str, added: str = "") -> None:
    folder = course.grading / "submitted" / student / "tiny"
    folder.mkdir(parents=True)
    path = folder / "first.ipynb"
    path.write_bytes((course.grading / "release" / "tiny" / "first.ipynb").read_bytes())
    write_answers(path, {"sensitivity": answer})
    notebook = nbformat.read(path, as_version=4)
    if added:
        notebook.cells.append(nbformat.v4.new_code_cell(added))
    # what a student does to a locked cell or to its metadata must not count, nor break anything
    notebook.cells[1].metadata["nbgrader"] = "none of your business"
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}) != "none of your business" and cell.metadata.get("nbgrader", {}).get(
            "locked"
        ):
            cell.source += "\nfor same in range(10): print([same, same + 1, same * 2, same ** 3])"
    nbformat.write(notebook, path)


def test_a_copy_under_other_names_is_found(released: Course) -> None:
    hand_in(released, "kari", LONG)
    hand_in(released, "ola", OTHER)
    hand_in(released, "per", RENAMED)
    found = similarity.compare(released, "tiny")
    assert found.students == 3
    first = found.pairs[0]
    assert (first.left.student, first.right.student) == ("kari", "per")
    assert first.share > 0.95
    assert "".join(text for text, alike in first.right.segments) == RENAMED
    marked = "".join(text for text, alike in first.right.segments if alike)
    assert "for k in range(3)" in marked
    assert all(pair.share < 0.5 for pair in found.pairs[1:])


def test_what_was_released_does_not_count(released: Course) -> None:
    given = nbformat.read(released.grading / "release" / "tiny" / "first.ipynb", as_version=4)
    tests = next(
        cell.source for cell in given.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "sensitivity-tests"
    )
    hand_in(released, "kari", "x = 1", added=tests + "\nprint(x)")
    hand_in(released, "ola", "y = 'two'", added=tests + "\nassert y")
    assert similarity.compare(released, "tiny").pairs == ()


def test_added_cells_count(released: Course) -> None:
    hand_in(released, "kari", "x = 1", added=LONG)
    hand_in(released, "ola", "y = [2]", added=RENAMED)
    assert similarity.compare(released, "tiny").pairs[0].share > 0.9


def test_what_most_of_a_class_wrote_is_left_out(released: Course) -> None:
    for number in range(similarity.CLASS):
        hand_in(released, f"s{number}", LONG)
    for student in ("kari", "ola"):
        hand_in(released, student, OTHER)
    found = similarity.compare(released, "tiny")
    assert found.common
    assert [(pair.left.student, pair.right.student) for pair in found.pairs] == [("kari", "ola")]


def test_what_cannot_be_compared_is_said(released: Course) -> None:
    with pytest.raises(CourseError, match="no two submissions of 'tiny'"):
        similarity.compare(released, "tiny")
    hand_in(released, "kari", LONG)
    hand_in(released, "ola", LONG)
    hand_in(released, "long", "x = 1\n" * 50_000)
    folder = released.grading / "submitted" / "broken" / "tiny"
    folder.mkdir(parents=True)
    (folder / "first.ipynb").write_text('{"cells": [', encoding="utf-8")
    found = similarity.compare(released, "tiny")
    assert found.students == 2
    assert "first.ipynb is not a notebook" in found.left_out["broken"]
    assert "longer than" in found.left_out["long"]


def test_a_lab_that_was_never_released(course: Course) -> None:
    with pytest.raises(CourseError, match="never released"):
        similarity.compare(course, "tiny")


def test_hostile_text_stays_text(released: Course) -> None:
    nasty = LONG + f"# </pre><script>alert(1)</script> {HOSTILE}\nsame = [{HOSTILE!r}]\n"
    name = HOSTILE.replace("/", "")
    hand_in(released, name, nasty)
    hand_in(released, "kari", nasty)
    path, _ = similarity.write(released, "tiny")
    assert path == released.grading / "reports" / "tiny-similarity.html"
    page = Page(path.read_text("utf-8"))
    assert not {"script", "img", "link"} & set(page.elements)
    assert "mark" in page.elements
    assert name in page.text
    assert "</pre><script>alert(1)</script>" in page.text
    assert "This is evidence for a human." in page.text


def test_the_same_submissions_come_out_the_same_in_every_process(released: Course) -> None:
    for student, answer in {"kari": LONG, "ola": OTHER, "per": LONG[:150] + OTHER}.items():
        hand_in(released, student, answer)
    program = "from autograder import course, similarity as s; print(s.compare(course.Course.find(), 'tiny'))"
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert b"kari" in said[0]
