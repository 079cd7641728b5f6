"""The glossary is whole in both languages, and its cards stand at the first occurrence of a term."""

from __future__ import annotations

import pytest
import yaml

from autograder.course import Course
from autograder.errors import CourseError
from autograder.glossary import Glossary
from tests.conftest import ROOT

ENTRY = {"en": "sensitivity", "nb": "sensitivitet", "text": "The share found.", "tekst": "Andelen som blir funnet."}


def write(course: Course, *entries: dict[str, object]) -> Glossary:
    (course.root / "book" / "glossary.yml").write_text(yaml.safe_dump(list(entries)), "utf-8")
    return Glossary.read(course)


def test_the_longest_form_of_a_term_is_found_in_any_case_and_number(course: Course) -> None:
    other = ENTRY | {"en": "sensitivity analysis", "also": ["what-if study"], "nb": "følsomhetsanalyse"}
    hidden = ENTRY | {"en": "model", "card": False}
    glossary = write(course, ENTRY, other, hidden)
    found = glossary.pattern.findall("Sensitivity analysis, sensitivities, a what-if study, a model, hypersensitivity.")
    assert [glossary.by_form[form.lower()].en for form in found] == [
        "sensitivity analysis",
        "sensitivity",
        "sensitivity analysis",
    ]


def test_a_term_with_capitals_is_found_as_it_is_written_only(course: Course) -> None:
    glossary = write(course, ENTRY | {"en": "LIME", "also": ["local explanations"]}, ENTRY | {"en": "Dice score"})
    text = "A lime tree, LIME, Lime; Local explanations; Dice scores, DICE scores"
    assert glossary.pattern.findall(text) == ["LIME", "Local explanations", "Dice scores"]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"tekst": ""}, "lacks tekst"), ({"norsk": "x"}, "a field too many: norsk"), ({"also": ["Sensitivity"]}, "once")],
)
def test_what_is_wrong_is_named(course: Course, change: dict[str, object], message: str) -> None:
    with pytest.raises(CourseError, match=message):
        write(course, ENTRY | change)


def test_the_real_glossary_has_150_terms_in_both_languages() -> None:
    terms = Glossary.read(Course(ROOT)).terms
    assert len(terms) >= 150
    assert len({term.anchor for term in terms}) == len(terms)
