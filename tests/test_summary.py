"""The instructor's summary of a lab: its numbers, what it calls odd, and that it shows hostile text as text."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import collect, log, release, summary, verdict
from autograder.course import Course
from autograder.errors import CourseError, MisuseError
from autograder.gradebook import api, gradebook
from tests.classroom import archive, solutions, write_answers

HOSTILE = '<img src=x onerror="document.title=1">&"\'\u202e'
TOPICS = ("a worked example", "another test", "no patient at all")


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def hand_in(course: Course, student: str, passed: Sequence[bool], rarest: float, answers: dict[str, str]) -> None:
    """Leave behind what grading a submission does: scores, and a notebook with its verdicts."""
    scores = {"sensitivity-tests": float(sum(passed)), "rarest-tests": rarest}
    with gradebook(course) as book:
        book.update_or_create_student(student)
        for notebook in book.update_or_create_submission("tiny", student).notebooks:
            for grade in notebook.grades:
                grade.auto_score = scores.get(grade.name)
                grade.needs_manual_grade = grade.name == "trust"
        book.db.commit()
    folder = course.grading / "autograded" / student / "tiny"
    folder.mkdir(parents=True)
    (course.grading / "submitted" / student / "tiny").mkdir(parents=True)
    path = folder / "first.ipynb"
    path.write_bytes((course.grading / "release" / "tiny" / "first.ipynb").read_bytes())
    write_answers(path, answers)
    notebook = nbformat.read(path, as_version=4)
    parts = tuple(verdict.Part(topic, 1, ok, "", topic != TOPICS[0]) for topic, ok in zip(TOPICS, passed, strict=False))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name == "sensitivity-tests":
            verdict.Verdict(parts=parts, score=scores[name]).attach(cell)
        if name == "rarest-tests":
            verdict.Verdict(failure="" if rarest else "not 17", score=rarest).attach(cell)
    nbformat.write(notebook, path)


def write_log(course: Course, student: str, action: str = "grade", **said: Any) -> None:
    """Add a line to the log as grading does."""
    entry = log.Entry(log.now(), "tiny", student, action, submission="", key="", **({"memory": 1e8} | said))
    log.Log(course).append(entry)


def by_hand(course: Course, student: str, cell: str, **points: float) -> None:
    with gradebook(course) as book:
        grade = book.find_grade(cell, "first", "tiny", student)
        for field, value in points.items():
            setattr(grade, field, value)
        book.db.commit()


@pytest.fixture
def taught(course: Course) -> Course:
    """Twelve students: all fail the third check of the first exercise; who is good at one is good at the other."""
    release.release(course, "tiny")
    for number in range(12):
        good = number >= 6
        hand_in(course, f"s{number:02}", (True, good, False), 2.0 * good, {"sensitivity": f"answer = {number}"})
        write_log(course, f"s{number:02}", seconds=number + 1.0, memory=(number + 1) * 1e8)
    return course


def test_the_numbers_of_a_lab(taught: Course) -> None:
    said = summary.summarise(taught, "tiny")
    assert (said.submitted, len(said.scores), len(said.waiting), said.max_score) == (12, 12, 12, 9)
    assert said.mean == 2.5
    assert said.quartiles == (1, 2.5, 4)
    assert sum(one.count for one in said.bins) == 12
    assert [(one.low, one.high) for one in (said.bins[0], said.bins[-1])] == [(0, 0.9), (8.1, 9)]
    exercises = {one.name: one for one in said.exercises}
    rarest = exercises["first/rarest"]
    assert (rarest.share, rarest.n, rarest.attempted) == (0.5, 12, 0)
    assert rarest.discrimination == pytest.approx(1)
    assert (rarest.low, rarest.high) == (pytest.approx(0.2538, abs=1e-3), pytest.approx(0.7462, abs=1e-3))
    assert exercises["first/sensitivity"].attempted == 12
    assert exercises["first/trust"].discrimination is None
    assert [(check.topic, check.hidden, check.passed, check.n) for check in said.checks] == [
        ("a worked example", False, 12, 12),
        ("another test", True, 6, 12),
        ("no patient at all", True, 0, 12),
        ("the whole test", False, 6, 12),
    ]
    time, _, memory = said.measures
    assert (time.median, time.slowest) == (6.5, (("s11", 12), ("s10", 11), ("s09", 10)))
    assert memory.slowest[0] == ("s11", 1200)


def test_what_is_odd_is_said_in_words(taught: Course) -> None:
    assert summary.summarise(taught, "tiny").flags == (
        "Nobody passes 'no patient at all' of first/sensitivity: a broken test?",
        "Nobody attempted first/rarest.",
        "Nobody attempted first/trust.",
        "Everybody passes 'a worked example' of first/sensitivity: it tells nobody apart.",
    )


def test_a_part_that_was_never_reached_is_not_passed(taught: Course) -> None:
    hand_in(taught, "late", (True,), 0, {})
    checks = summary.summarise(taught, "tiny").checks
    assert [(check.passed, check.n) for check in checks[:3]] == [(13, 13), (6, 13), (0, 13)]


def test_a_verdict_that_a_student_wrote_counts_nowhere(taught: Course) -> None:
    path = taught.grading / "autograded" / "s00" / "tiny" / "first.ipynb"
    notebook = nbformat.read(path, as_version=4)
    mark = {
        "grade_id": "mine-tests",
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 1,
        "schema_version": 3,
    }
    own = nbformat.v4.new_code_cell("", metadata={"nbgrader": mark})
    verdict.Verdict(parts=(verdict.Part("mine", 1, True),)).attach(own)
    notebook.cells.append(own)
    nbformat.write(notebook, path)
    assert "mine" not in [check.topic for check in summary.summarise(taught, "tiny").checks]


def test_few_students_tell_nothing_of_discrimination(course: Course) -> None:
    release.release(course, "tiny")
    for number in range(summary.ENOUGH - 1):
        hand_in(course, f"s{number}", (number > 3, False, False), 2.0 * (number > 4), {})
    assert {one.discrimination for one in summary.summarise(course, "tiny").exercises} == {None}


def test_wilson_holds_at_the_ends() -> None:
    assert summary.wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert summary.wilson(1, 10) == pytest.approx((0.7225, 1), abs=1e-4)


def test_scores_changed_by_hand_are_listed_and_essays_are_not(taught: Course) -> None:
    by_hand(taught, "s00", "sensitivity-tests", manual_score=3)
    by_hand(taught, "s01", "trust", manual_score=4)
    by_hand(taught, "s02", "rarest-tests", extra_credit=0.5)
    by_hand(taught, "s03", "trust", manual_score=2, extra_credit=1)
    by_hand(taught, "s04", "rarest-tests", manual_score=0)
    assert summary.summarise(taught, "tiny").changes == (
        summary.Change("s00", "first/sensitivity", 1, 3),
        summary.Change("s02", "first/rarest", 0, 0.5),
        summary.Change("s03", "first/trust", 2, 3),
    )


def test_a_fault_is_counted_and_the_newest_line_counts(taught: Course) -> None:
    write_log(taught, "s05", action="fault", notes=["It was stopped after 600 s."])
    write_log(taught, "s06", action="fault", notes=["x"])
    write_log(taught, "s06")
    said = summary.summarise(taught, "tiny")
    assert said.faults == {"s05": "It was stopped after 600 s."}


def test_hostile_text_stays_text(taught: Course) -> None:
    name = HOSTILE.replace("/", "")
    hand_in(taught, name, (False, False, False), 0, {"sensitivity": "x"})
    by_hand(taught, name, "rarest-tests", manual_score=1)
    write_log(taught, name, evidence=[f"\x1b[31m{HOSTILE}</p><script>alert(1)</script>\x00", "\ud800"], seconds=99.0)
    write_log(taught, "gone", action="fault", notes=["</td><iframe>"])
    path, _ = summary.write(taught, "tiny")
    assert path == taught.grading / "reports" / "tiny.html"
    page = Page(path.read_text("utf-8"))
    assert not {"script", "img", "iframe", "link"} & set(page.elements)
    assert "evidence for a human; no points were taken for it" in page.text
    assert page.text.count(HOSTILE) == 4  # the heading, the evidence, the change, and who took most time
    assert "\x1b" not in page.text
    assert "http" not in path.read_text("utf-8")


def test_every_picture_has_a_name_a_description_and_a_table(taught: Course) -> None:
    text = summary.write(taught, "tiny")[0].read_text("utf-8")
    page = Page(text)
    assert page.elements.count("svg") == 2 == page.elements.count("desc")
    for name in ("scores", "exercises"):
        assert f'aria-labelledby="{name}-title {name}-text"' in text
        assert f'<title id="{name}-title">' in text
        assert f'<desc id="{name}-text">' in text
    assert "1.8 to under 2.7" in page.text


def test_what_cannot_be_summed_up_is_said(course: Course) -> None:
    with pytest.raises(MisuseError, match="Did you mean 'tiny'"):
        summary.summarise(course, "tinny")
    with pytest.raises(CourseError, match="There is no gradebook yet"):
        summary.summarise(course, "tiny")
    release.release(course, "tiny")
    with pytest.raises(CourseError, match="No submission of 'tiny' is graded yet"):
        summary.write(course, "tiny")
    assert not (course.grading / "reports").exists()


def test_what_the_autograder_left_is_summed_up(course: Course, tmp_path: Path) -> None:
    release.release(course, "tiny")
    path = tmp_path / "first.ipynb"
    path.write_bytes((course.grading / "release" / "tiny" / "first.ipynb").read_bytes())
    untouched = path.read_bytes()
    write_answers(path, solutions(course.notebook("tiny/first")))
    handed_in = {"101": untouched, "102": path.read_bytes()}
    collect.from_zip(course, "tiny", archive(tmp_path / "x.zip", handed_in, "first.ipynb"))
    assert all(api(course).autograde("tiny", student)["success"] for student in handed_in)
    said = summary.summarise(course, "tiny")
    assert said.scores == {"101": 0, "102": 5}
    assert said.waiting == ("102",)
    assert [one.attempted for one in said.exercises] == [1, 1, 1]
    assert [one.share for one in said.exercises] == [0.5, 0.5, 0]
    assert said.checks == ()
