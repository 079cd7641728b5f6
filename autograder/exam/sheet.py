"""Questions as JSON: all that an item holds, for programs of others, and back without loss."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from autograder.errors import CourseError
from autograder.exam.item import Blank, Criterion, Item, Option, Slip, Spot

#: Of the form of the file; to be raised when a field changes its meaning.
VERSION = 1


def json_of(items: Sequence[Item]) -> str:
    """Return questions as JSON: ``{"version": 1, "items": […]}``, an item with the fields of `Item`, images in base64.

    Parameters
    ----------
    items : sequence of Item
        The questions.

    Returns
    -------
    str
        Equal items give equal text.
    """
    return json.dumps({"version": VERSION, "items": [_written(item) for item in items]}, ensure_ascii=False, indent=1)


def items_of(text: str) -> list[Item]:
    """Read questions back; the reverse of `json_of`.

    Parameters
    ----------
    text : str
        JSON.

    Raises
    ------
    CourseError
        If it is not what `json_of` writes, or a later version of it.
    """
    try:
        sheet = json.loads(text)
        version, entries = sheet["version"], sheet["items"]
    except (ValueError, TypeError, KeyError) as error:
        raise CourseError('This is not a sheet of questions: expected {"version": 1, "items": […]}.') from error
    if version != VERSION:
        raise CourseError(f"This sheet of questions has version {version}; version {VERSION} can be read.")
    return [_read(entry, place) for place, entry in enumerate(entries, 1)]


def _written(item: Item) -> dict[str, Any]:
    pictures = {name: base64.b64encode(data).decode("ascii") for name, data in item.pictures.items()}
    return asdict(item) | {"pictures": pictures}


def _read(entry: dict[str, Any], place: int) -> Item:
    try:
        parts = {
            "options": tuple(Option(**one) for one in entry["options"]),
            "blanks": tuple(Blank(**one) for one in entry["blanks"]),
            "slips": tuple(Slip(**one) for one in entry["slips"]),
            "order": tuple(entry["order"]),
            "pairs": tuple((given, other) for given, other in entry["pairs"]),
            "accepted": tuple(entry["accepted"]),
            "spot": Spot(**entry["spot"]) if entry["spot"] else None,
            "rubric": tuple(Criterion(**one) for one in entry["rubric"]),
            "pictures": {name: base64.b64decode(data, validate=True) for name, data in entry["pictures"].items()},
        }
        return Item(**(entry | parts))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CourseError(f"Item {place} of the sheet can't be read: {type(error).__name__}: {error}.") from error
