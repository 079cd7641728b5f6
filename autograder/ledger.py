"""The ledger of claims: what the lecture deck of 2022 said of the world, and what is known of it today."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

import yaml

from autograder.course import Course
from autograder.errors import CourseError, nearest

#: What may have become of a claim, with what that means.
STATUSES = {
    "stands": "still holds",
    "outdated": "was true, and the world has moved on",
    "superseded": "better evidence has replaced it",
    "contested": "disputed, or shown by nothing that was found",
}
_ROLE = re.compile(r"\{claim\}`([^`]+)`")


@dataclass(frozen=True)
class Claim:
    """A statement of the deck about the world.

    Parameters
    ----------
    id : str
        How pages name it.
    claim : str
        What the deck says, in our words or in a short quotation.
    section : str
        Where it says so.
    source : str
        The key of its source in the bibliography; empty if none was found.
    named : bool
        Whether the deck itself names that source.
    year : str
        Of the source; ``n.d.`` if it gives none.
    status : {'stands', 'outdated', 'superseded', 'contested'}
        What has become of it.
    today : str
        What is known today; empty if nothing newer was found.
    newer : tuple of str
        Keys of the sources for that.
    """

    id: str
    claim: str
    section: str
    source: str
    named: bool
    year: str
    status: str
    today: str
    newer: tuple[str, ...]


def claims(course: Course) -> dict[str, Claim]:
    """Return the claims by id, in the order of ``book/claims.yml``; none if there is no such file.

    Parameters
    ----------
    course : Course
        The checkout.

    Raises
    ------
    CourseError
        If an entry is not as it should be; names it.
    """
    path = course.root / "book" / "claims.yml"
    if not path.exists():
        return {}
    found: dict[str, Claim] = {}
    for number, entry in enumerate(yaml.safe_load(path.read_text("utf-8")) or [], 1):
        claim = _claim(entry, number)
        if claim.id in found:
            raise CourseError(f"book/claims.yml: there are two claims '{claim.id}'.")
        found[claim.id] = claim
    return found


def cited(course: Course) -> dict[str, list[str]]:
    """Return the pages that cite each claim.

    Parameters
    ----------
    course : Course
        The checkout; pages cite with the role ``{claim}``.

    Raises
    ------
    CourseError
        If a page cites a claim that is not in the ledger, or no page cites one that is.
    """
    pages: dict[str, list[str]] = {key: [] for key in claims(course)}
    for path in sorted((course.root / "book").glob("**/*.md")):
        for key in dict.fromkeys(_ROLE.findall(path.read_text("utf-8"))):
            if key not in pages:
                hint = nearest(key, pages)
                raise CourseError(f"{course.relative(path)}: there is no claim '{key}' in book/claims.yml.{hint}")
            pages[key].append(course.relative(path.with_suffix("")))
    alone = [key for key, names in pages.items() if not names]
    if alone:
        raise CourseError(f"book/claims.yml: no page cites {', '.join(alone)}. Discuss them on one.")
    return pages


def _claim(entry: Any, number: int) -> Claim:
    names = [field.name for field in fields(Claim)]
    given = entry if isinstance(entry, dict) else {}
    place = f"book/claims.yml: entry {number} ({given.get('id', 'without id')})"
    wrong = sorted(set(given) ^ set(names))
    if wrong:
        raise CourseError(f"{place} must have exactly the fields {', '.join(names)}; look at {', '.join(wrong)}.")
    if given["status"] not in STATUSES:
        raise CourseError(f"{place}: the status is '{given['status']}', not one of {', '.join(STATUSES)}.")
    words = {name: " ".join(str(given[name] or "").split()) for name in names if name not in ("named", "newer")}
    if not isinstance(given["named"], bool) or (given["named"] and not words["source"]):
        raise CourseError(f"{place}: 'named' must be true or false, and false if there is no source.")
    return Claim(**words, named=given["named"], newer=tuple(given["newer"] or ()))
