"""What an answer earns: the rule that every outlet must agree with.

A choice of one is right or wrong. In a choice of several, each right option that is ticked adds its share and each
wrong one takes its share away, never below nothing. A matrix and a matching earn the share of what is right in them.
Numbers count within their tolerance, an order only as a whole, a click inside the circle, and a short text by its
words, whatever their case. Essays are for people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from autograder.exam.item import Item

#: What a student hands in: ids of options; numbers by blank; an order; what she put beside what; a click; a text.
Response = Collection[str] | Mapping[str, float | str | None] | Sequence[str] | tuple[float, float] | str | None


def score(item: Item, response: Response) -> float | None:
    """Return the points that a response earns, or None where a person must decide.

    Parameters
    ----------
    item : Item
        The question.
    response : object
        By kind: a collection of option ids (choices); a mapping from blank to number, or to the text that was typed
        (numeric, matrix); a sequence of steps (ordering); a mapping from what is given to what was put beside it
        (matching); the pixel of a click (hotspot); a text (short, essay). None, or nothing in it, is no answer.

    Returns
    -------
    float or None
        Between 0 and the item's points.
    """
    if item.kind == "essay":
        return 0.0 if not response else None
    return item.points * share(item, response)


def share(item: Item, response: Any) -> float:
    """Return the share of its points that a response earns, 0 to 1; an essay earns none here."""
    if not response:
        return 0.0
    match item.kind:
        case "single":
            return float(frozenset(response) == item.right)
        case "multiple":
            return _ticked(item, frozenset(response))
        case "numeric" | "matrix":
            return _filled(item, response)
        case "ordering":
            return float(tuple(response) == item.order)
        case "matching":
            right = sum(response.get(given) == other for given, other in item.pairs)
            return float(right / len(item.pairs))
        case "hotspot":
            return float(item.spot is not None and item.spot.accepts(*response))
        case "short":
            return float(plain(str(response)) in {plain(text) for text in item.accepted})
        case _:
            return 0.0


def number(text: str) -> float | None:
    """Read a number as people type it, with point or comma and perhaps a percent sign; None if it is none."""
    tidy = re.sub(r"[\s\u00a0\u202f%]", "", text).replace("−", "-").replace(",", ".")
    try:
        return float(tidy) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", tidy, re.IGNORECASE) else None
    except ValueError:
        return None


def plain(text: str) -> str:
    """Return a text without what does not matter in a short answer: case, and space around and between words."""
    return " ".join(text.casefold().split()).rstrip(". ")


def _ticked(item: Item, ticked: frozenset[str]) -> float:
    wrong = {option.id for option in item.options} - item.right
    earned = len(ticked & item.right) / len(item.right) - (len(ticked & wrong) / len(wrong) if wrong else 0.0)
    return max(0.0, earned)


def _filled(item: Item, response: Mapping[str, float | str | None]) -> float:
    right = 0
    for blank in item.blanks:
        given = response.get(blank.id)
        value = number(given) if isinstance(given, str) else given
        right += value is not None and blank.accepts(value)
    return right / len(item.blanks)
