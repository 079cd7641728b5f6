"""The lecture deck that the course grew out of: where the site covers each of its items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from docutils.nodes import make_id

from autograder.course import Course
from autograder.errors import CourseError, nearest

_LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Item:
    """One item of the deck.

    Parameters
    ----------
    text : str
        What the deck shows, in a few words.
    page : str
        The page that covers it, such as ``book/status``.
    anchor : str
        The label or heading of the section there.
    """

    text: str
    page: str
    anchor: str


def homes(course: Course) -> dict[str, list[Item]]:
    """Return the items of the deck by its sections, each with the section of the site that covers it.

    Parameters
    ----------
    course : Course
        The checkout; ``book/deck.yml`` lists the items. A course without that file has none.

    Raises
    ------
    CourseError
        If the file is not as it should be, or an item has no home: no such page, or no such section on it.
    """
    path = course.root / "book" / "deck.yml"
    if not path.exists():
        return {}
    try:
        listed = yaml.safe_load(path.read_text("utf-8"))
        found = {
            str(section): [Item(str(one["item"]), *str(one["home"]).split("#")) for one in entries]
            for section, entries in listed.items()
        }
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise CourseError(f"book/deck.yml: expected 'section: [{{item: …, home: page#section}}]' ({error}).") from error
    orphans = [message for items in found.values() for item in items if (message := _orphaned(item, course))]
    if orphans:
        raise CourseError("book/deck.yml: items of the lecture deck have lost their home:\n" + "\n".join(orphans))
    return found


def anchors(source: Path) -> frozenset[str]:
    """Return the labels and headings of a page that a link may name.

    Parameters
    ----------
    source : Path
        Markdown, or the percent script of a notebook.
    """
    return _anchors(source, source.stat().st_mtime_ns)


@cache
def _anchors(source: Path, _: int) -> frozenset[str]:
    text = source.read_text("utf-8")
    if source.suffix == ".py":
        text = re.sub(r"^# ?", "", text, flags=re.MULTILINE)
    text = _FENCE.sub("", text)
    headings = (re.sub(r"[*_`]|\{\w+\}", "", heading) for heading in _HEADING.findall(text))
    return frozenset({*_LABEL.findall(text), *map(make_id, headings)})


def _orphaned(item: Item, course: Course) -> str:
    sources = [course.root / f"{item.page}{suffix}" for suffix in (".md", ".py")]
    source = next((path for path in sources if path.is_file()), None)
    if source is None:
        return f"  {item.text}: there is no page {item.page}."
    if item.anchor not in anchors(source):
        return f"  {item.text}: {item.page} has no section '{item.anchor}'.{nearest(item.anchor, anchors(source))}"
    return ""
