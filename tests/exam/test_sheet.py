"""Questions as JSON: nothing lost on the way out and back, and plain words where a file is something else."""

from __future__ import annotations

import json

import pytest

from autograder.errors import CourseError
from autograder.exam.item import KINDS, Item, Kind, Language
from autograder.exam.sheet import VERSION, items_of, json_of
from tests.exam.examples import example, examples

SHEET = json.loads(json_of(examples()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "no"])
def test_a_question_comes_back_as_it_was(kind: Kind, language: Language) -> None:
    item = example(kind, 5, language).shuffled(1)
    (back,) = items_of(json_of([item]))
    assert back == item
    assert hash(back.options) == hash(item.options)


def test_numbers_keep_all_their_digits() -> None:
    (back,) = items_of(json_of([example("numeric")]))
    assert back.blanks[0].value.hex() == example("numeric").blanks[0].value.hex()


def test_another_program_finds_version_texts_and_images() -> None:
    assert SHEET["version"] == VERSION == 1
    hotspot = next(entry for entry in SHEET["items"] if entry["kind"] == "hotspot")
    assert hotspot["spot"] | {"x": 0, "y": 0, "radius": 0} == {
        "picture": "lesion.png",
        "width": 120,
        "height": 90,
        "x": 0,
        "y": 0,
        "radius": 0,
    }
    assert hotspot["pictures"]["lesion.png"].startswith("iVBORw0KGgo")
    assert "Når kan en lege" in json_of(examples(0, "no"))


def test_an_item_has_all_the_fields_of_the_model() -> None:
    assert all(set(entry) == set(Item.__dataclass_fields__) for entry in SHEET["items"])


def test_equal_questions_give_equal_text() -> None:
    assert json_of(examples(2)) == json_of(examples(2))


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"version": 1}'])
def test_a_file_that_is_no_sheet_is_refused(text: str) -> None:
    with pytest.raises(CourseError, match="not a sheet of questions"):
        items_of(text)


def test_a_later_version_is_refused() -> None:
    with pytest.raises(CourseError, match="has version 2; version 1 can be read"):
        items_of(json.dumps(SHEET | {"version": 2}))


@pytest.mark.parametrize(
    "damage",
    [{"pictures": {"a.png": "aGk=!"}}, {"options": [{"id": "a"}]}, {"colour": "red"}, {"blanks": None}],
)
def test_an_item_that_is_damaged_is_named_by_its_place(damage: dict[str, object]) -> None:
    entries = [*SHEET["items"][:2], SHEET["items"][2] | damage]
    with pytest.raises(CourseError, match="Item 3 of the sheet can't be read"):
        items_of(json.dumps(SHEET | {"items": entries}))
    with pytest.raises(CourseError, match="Item 1 of the sheet can't be read"):
        items_of(json.dumps(SHEET | {"items": ["text"]}))
