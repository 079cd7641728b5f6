"""From a page of the site to the questions of the public bank that ask for what it teaches."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.course import Course
from autograder.exam.bank import Bank
from autograder.objectives import served

_DIRECTIVE = re.compile(r"^```\{practice\} +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Link:
    """A question and where it can be answered.

    Parameters
    ----------
    title : str
        Of the question, in English.
    page : str
        The practice page, such as ``exam/practice-metrics``.
    anchor : str
        Of the question on it.
    """

    title: str
    page: str
    anchor: str


def by_objective(course: Course) -> dict[str, list[Link]]:
    """Return the questions that serve each objective, in the order of the bank.

    Parameters
    ----------
    course : Course
        The checkout. Its practice pages say with ``{practice}`` which topics they show; what is on none is left out.

    Raises
    ------
    CourseError
        If a question can't be read.
    """
    pages = {
        topic: course.relative(path).removesuffix(".md")
        for path in sorted((course.root / "exam").glob("*.md"))
        for match in _DIRECTIVE.finditer(path.read_text("utf-8"))
        for topic in match[1].split()
    }
    found: dict[str, list[Link]] = {key: [] for key in course.objectives}
    for question in Bank.public(course).questions.values():
        page = pages.get(question.topics[0])
        if page:
            link = Link(question.wordings["en"].title, page, f"question-{question.id}")
            for key in question.objectives:
                found[key].append(link)
    return found


def by_page(course: Course) -> dict[str, list[Link]]:
    """Return the questions that serve an objective of each page, each once.

    The first page of a lab has those of its notebooks.

    Parameters
    ----------
    course : Course
        As in `by_objective`.

    Raises
    ------
    CourseError
        If a question can't be read, or a page names an objective that does not exist.
    """
    links = by_objective(course)
    found: dict[str, dict[Link, None]] = {}
    for key, pages in served(course).items():
        for page in pages:
            lab = re.match(r"labs/\w+/", page)
            for place in (page, f"{lab[0]}index") if lab else (page,):
                found.setdefault(place, {}).update(dict.fromkeys(links[key]))
    return {page: list(entries) for page, entries in found.items()}
