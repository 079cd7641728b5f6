"""The ledger of claims is whole, and every claim is discussed on a page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml
from pybtex.database import parse_file

from autograder import book, ledger
from autograder.course import Course
from autograder.errors import CourseError
from tests.conftest import ROOT

CLAIM = {
    "id": "ten-times",
    "claim": "Ten times faster.",
    "section": "Challenges",
    "source": "nobody2020",
    "named": True,
    "year": "2020",
    "status": "stands",
    "today": "",
    "newer": [],
}


def write(course: Course, *entries: dict[str, object], page: str = "Fast {claim}`ten-times`.") -> None:
    (course.root / "book" / "claims.yml").write_text(yaml.safe_dump(list(entries)), "utf-8")
    (course.root / "book" / "page.md").write_text(f"# A page\n\n{page}\n", "utf-8")


def test_a_claim_knows_the_pages_that_cite_it(course: Course) -> None:
    write(course, CLAIM)
    assert ledger.cited(course) == {"ten-times": ["book/page"]}


@pytest.mark.parametrize(
    ("change", "page", "message"),
    [
        ({"status": "true"}, "{claim}`ten-times`", "the status is 'true'"),
        ({"statuss": "stands"}, "{claim}`ten-times`", "look at statuss"),
        ({"named": "perhaps"}, "{claim}`ten-times`", r"entry 1 \(ten-times\): 'named' must be true or false"),
        ({"source": ""}, "{claim}`ten-times`", "false if there is no source"),
        ({}, "{claim}`ten-time`", "no claim 'ten-time'.*Did you mean 'ten-times'"),
        ({}, "Nothing.", "no page cites ten-times"),
    ],
)
def test_what_is_wrong_is_named(course: Course, change: dict[str, object], page: str, message: str) -> None:
    write(course, CLAIM | change, page=page)
    with pytest.raises(CourseError, match=message):
        ledger.cited(course)


def test_a_claim_stands_there_once(course: Course) -> None:
    write(course, CLAIM, CLAIM)
    with pytest.raises(CourseError, match="two claims 'ten-times'"):
        ledger.claims(course)


def test_every_source_of_the_real_ledger_is_in_the_bibliography() -> None:
    course = Course(ROOT)
    known = parse_file(str(course.bibliography)).entries
    for claim in ledger.claims(course).values():
        assert {claim.source, *claim.newer} - {""} <= set(known), claim.id
        assert claim.claim, claim.id
        assert claim.source or claim.today, f"{claim.id} has neither a source nor a word on what is known"
    assert len(ledger.cited(course)) >= 91


def test_a_claim_says_whether_the_lecture_named_its_source() -> None:
    named = ledger.Claim("a", "Ten times faster.", "Challenges", "nobody2020", True, "2020", "stands", "", ())
    found = replace(named, named=False)
    none = replace(found, source="")
    assert book._source(named) == "Source (2020): {cite}`nobody2020`"
    assert book._source(found) == "Source: the lecture cites no work; see {cite}`nobody2020`"
    assert book._source(none) == "Source: the lecture cites no work."


def test_a_headline_whose_story_was_not_confirmed_has_an_unverified_source() -> None:
    """A dagger in the table of headlines, and the note in the bibliography that the pages speak of."""
    notes = {
        key: entry.fields.get("note", "") for key, entry in parse_file(str(Course(ROOT).bibliography)).entries.items()
    }
    table = (ROOT / "book" / "fairness.md").read_text("utf-8")
    rows = [row for row in table.splitlines() if row.startswith("|") and "†" in row]
    keys = [key for row in rows for key in re.findall(r"\{cite\}`([^`]+)`", row)]
    assert keys
    assert [key for key in keys if not notes[key].startswith("Unverified")] == []
