"""Every item of the lecture deck has a section that covers it; one that loses its section stops the build."""

from __future__ import annotations

import pytest

from autograder import deck, site
from autograder.course import Course
from autograder.errors import CourseError
from tests.conftest import ROOT, Command

PAGE = "# A page\n\n(page-trust)=\n## On `trust`, again\n\nWords.\n\n```python\n# Not a heading\n```\n"
DECK = 'Status:\n  - {item: "trust", home: book/page#page-trust}\n  - {item: "again", home: book/page#on-trust-again}\n'


@pytest.fixture
def told(course: Course) -> Course:
    """The small course, with a page and a deck of two items."""
    (course.root / "book" / "page.md").write_text(PAGE, "utf-8")
    (course.root / "book" / "deck.yml").write_text(DECK, "utf-8")
    return course


def test_an_item_is_at_home_at_a_label_or_a_heading(told: Course) -> None:
    assert [item.anchor for item in deck.homes(told)["Status"]] == ["page-trust", "on-trust-again"]
    assert "not-a-heading" not in deck.anchors(told.root / "book" / "page.md")


def test_a_section_that_is_removed_stops_the_build_and_the_item_is_named(told: Course, command: Command) -> None:
    (told.root / "book" / "page.md").write_text(PAGE.replace("(page-trust)=\n", ""), "utf-8")
    said = command("course", "build", code=1).stderr
    assert "trust: book/page has no section 'page-trust'." in said
    assert "Traceback" not in said
    (told.root / "book" / "page.md").unlink()
    with pytest.raises(CourseError, match="again: there is no page book/page"):
        site.build(told)


@pytest.mark.parametrize(
    "text", ["- one\n", "Status:\n  - {item: one}\n", "Status:\n  - {item: one, home: page}\n", ":"]
)
def test_a_list_that_is_not_as_it_should_be_is_refused(told: Course, text: str) -> None:
    (told.root / "book" / "deck.yml").write_text(text, "utf-8")
    with pytest.raises(CourseError, match=r"book/deck\.yml"):
        deck.homes(told)


def test_the_whole_deck_is_covered_and_no_item_stands_there_twice() -> None:
    items = [item for items in deck.homes(Course(ROOT)).values() for item in items]
    assert len(items) > 150
    named = [(item.text, item.page, item.anchor) for item in items]
    assert len(set(named)) == len(named)


def test_removing_any_section_of_the_real_course_that_covers_an_item_is_seen(told: Course) -> None:
    real = Course(ROOT)
    item = next(item for items in deck.homes(real).values() for item in items if item.page == "book/status")
    (told.root / "book" / "status.md").write_text(
        (ROOT / "book" / "status.md").read_text("utf-8").replace(f"({item.anchor})=", ""), "utf-8"
    )
    (told.root / "book" / "deck.yml").write_text(
        f"Status:\n  - {{item: one, home: book/status#{item.anchor}}}\n", "utf-8"
    )
    with pytest.raises(CourseError, match=item.anchor):
        deck.homes(told)
