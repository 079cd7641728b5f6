"""Citations where there is no bibliography: in the notebook that a student opens."""

from __future__ import annotations

import re
from pathlib import Path

from pybtex.database import BibliographyData, Entry, parse_file

from autograder.errors import CourseError, nearest

_ROLE = re.compile(r"\{cite\}`([^`]+)`")


def spell_out(text: str, bibliography: Path) -> str:
    """Replace each ``{cite}`` role by author, year and a link.

    Parameters
    ----------
    text : str
        Markdown of a cell.
    bibliography : Path
        The BibTeX file of the book.

    Raises
    ------
    CourseError
        If a key is not in the bibliography.
    """
    if not _ROLE.search(text):
        return text
    entries: BibliographyData = parse_file(str(bibliography))

    def replace(match: re.Match[str]) -> str:
        return "(" + "; ".join(_spelled(key.strip(), entries) for key in match[1].split(",")) + ")"

    return _ROLE.sub(replace, text)


def _spelled(key: str, entries: BibliographyData) -> str:
    if key not in entries.entries:
        raise CourseError(f"There is no '{key}' in the bibliography.{nearest(key, entries.entries)}")
    entry: Entry = entries.entries[key]
    people = [" ".join(person.prelast_names + person.last_names) for person in entry.persons.get("author", [])]
    people = [re.sub(r"[{}]", "", name) for name in people]
    others = len(people) > 2 or "others" in people
    names = f"{people[0]} et al." if others else " and ".join(people)
    said = f"{names} {entry.fields['year']}"
    address = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields.get("url")
    return f"[{said}]({address})" if address else said
