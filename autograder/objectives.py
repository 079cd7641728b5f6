"""Which pages serve which learning objectives."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError

_DIRECTIVE = re.compile(r"^```\{objectives\} +(.+)$", re.MULTILINE)


def served(course: Course) -> dict[str, list[str]]:
    """Return the pages that serve each objective, by the objective's id.

    Parameters
    ----------
    course : Course
        The checkout. Lectures name their objectives with the directive ``{objectives}``, notebooks in their header.

    Raises
    ------
    CourseError
        If a page names an objective that does not exist, or no page serves one that does.
    """
    pages: dict[str, list[str]] = {key: [] for key in course.objectives}
    for path in sorted(path for folder in ("book", "project", "exam") for path in (course.root / folder).glob("*.md")):
        for match in _DIRECTIVE.finditer(path.read_text(encoding="utf-8")):
            _enter(pages, match[1].split(), path, course)
    for source in (source for sources in course.labs.values() for source in sources):
        _enter(pages, course.read(source).header.objectives, source, course)
    orphans = [key for key, names in pages.items() if not names]
    if orphans:
        raise CourseError(f"book/objectives.yml: no page serves {', '.join(orphans)}. Name them on one, or drop them.")
    return pages


def _enter(pages: dict[str, list[str]], keys: list[str] | tuple[str, ...], path: Path, course: Course) -> None:
    for key in keys:
        if key not in pages:
            raise CourseError(f"{course.relative(path)}: there is no objective '{key}' in book/objectives.yml.")
        pages[key].append(course.relative(path).rpartition(".")[0])
