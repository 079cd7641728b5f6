"""The glossary, English and Norwegian, and the cards that it puts beside its terms in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import make_id
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from autograder.course import Course
from autograder.errors import CourseError

_PAGE = "book/glossary"
_FIELDS = {"en", "nb", "text", "tekst", "also", "card"}
#: Where a term is not explained: in what is no running text, and in what is a link already.
_CLOSED = (
    nodes.title,
    nodes.reference,
    nodes.literal,
    nodes.math,
    nodes.raw,
    nodes.literal_block,
    nodes.citation,
    nodes.footnote,
)


@dataclass(frozen=True)
class Term:
    """One entry.

    Parameters
    ----------
    en, nb : str
        The term, English and bokmål.
    text, tekst : str
        What it means, in the same languages.
    also : tuple of str
        Other English forms.
    card : bool
        Whether it is explained where it first stands on a page; not so for words that mean many things.
    """

    en: str
    nb: str
    text: str
    tekst: str
    also: tuple[str, ...] = ()
    card: bool = True

    @property
    def anchor(self) -> str:
        """Where it stands on the page of the glossary."""
        return f"term-{make_id(self.en)}"


@dataclass(frozen=True)
class Glossary:
    """All entries, by the alphabet.

    Parameters
    ----------
    terms : tuple of Term
        The entries.
    """

    terms: tuple[Term, ...]

    @classmethod
    def read(cls, course: Course) -> Glossary:
        """Read ``book/glossary.yml``; a course without it has an empty glossary.

        Raises
        ------
        CourseError
            If an entry lacks something, has a field too many, or stands there twice; names it.
        """
        path = course.root / "book" / "glossary.yml"
        entries = yaml.safe_load(path.read_text("utf-8")) if path.exists() else []
        terms = [_term(entry, number) for number, entry in enumerate(entries, 1)]
        names = [name.lower() for term in terms for name in (term.en, *term.also)]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise CourseError(f"book/glossary.yml: named more than once: {', '.join(doubled)}.")
        return cls(tuple(sorted(terms, key=lambda term: term.en.lower())))

    @cached_property
    def by_form(self) -> dict[str, Term]:
        """The terms that get a card, by every form in which they may stand in a text.

        A form without capitals stands for itself with any; one with capitals (LIME, Dice) must stand just so.
        """
        forms: dict[str, Term] = {}
        for term in (term for term in self.terms if term.card):
            for name in (term.en, *term.also):
                for form in (name, f"{name}s", f"{name[:-1]}ies" if name.endswith("y") else name):
                    forms.setdefault(form, term)
        return forms

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds such a form, the longest first."""
        forms = sorted(self.by_form, key=len, reverse=True)
        either = [f"(?i:{re.escape(form)})" if form.islower() else re.escape(form) for form in forms]
        return re.compile(rf"(?<![\w-])(?:{'|'.join(either)})(?![\w-])")


class GlossaryList(SphinxDirective):
    """``{glossary-list}``: every term in both languages."""

    def run(self) -> list[nodes.Node]:
        """Return a definition list."""
        try:
            glossary = Glossary.read(Course(Path(self.env.srcdir)))
        except CourseError as error:
            raise self.error(str(error)) from error
        return [nodes.definition_list("", *map(_entry, glossary.terms), classes=["glossary-list"])]


class term_link(nodes.reference):  # noqa: N801  # docutils names the method that writes a node after its class
    """A term in the text, with a link to the glossary and its definition as a card."""


def explain(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the first occurrence of each term on a page its card."""
    if docname == _PAGE:
        return
    glossary: Glossary = app.config.course_glossary
    if not glossary.terms:
        return
    page = app.builder.get_relative_uri(docname, _PAGE)
    seen: set[Term] = set()
    for paragraph in list(doctree.findall(nodes.paragraph)):
        for text in list(paragraph.findall(nodes.Text)):
            if not _closed(text, paragraph):
                _mark(text, glossary, seen, page)


def visit_term(translator: HTML5Translator, node: term_link) -> None:
    """Open the link."""
    card = escape(node["card"], quote=True)
    translator.body.append(f'<a class="term" href="{escape(node["refuri"])}" data-card="{card}">')


def depart_term(translator: HTML5Translator, node: term_link) -> None:
    """Close the link."""
    translator.body.append("</a>")


def _term(entry: Any, number: int) -> Term:
    given = entry if isinstance(entry, dict) else {}
    place = f"book/glossary.yml: entry {number} ({given.get('en', 'without en')})"
    if unknown := sorted(set(given) - _FIELDS):
        raise CourseError(f"{place} has a field too many: {', '.join(unknown)}.")
    if missing := [name for name in ("en", "nb", "text", "tekst") if not given.get(name)]:
        raise CourseError(f"{place} lacks {', '.join(missing)}.")
    words = {name: " ".join(str(given[name]).split()) for name in ("en", "nb", "text", "tekst")}
    return Term(**words, also=tuple(map(str, given.get("also") or ())), card=bool(given.get("card", True)))


def _entry(term: Term) -> nodes.definition_list_item:
    norwegian = nodes.inline("", term.nb, classes=["norwegian", "language-nb"])
    head = nodes.term("", "", nodes.strong("", term.en), nodes.Text(" · "), norwegian, ids=[term.anchor])
    also = [nodes.paragraph("", f"Also: {', '.join(term.also)}.")] if term.also else []
    tekst = nodes.paragraph("", term.tekst, classes=["norwegian", "language-nb"])
    return nodes.definition_list_item("", head, nodes.definition("", nodes.paragraph("", term.text), *also, tekst))


def _closed(text: nodes.Node, paragraph: nodes.Node) -> bool:
    above = text.parent
    inside = False
    while above is not None:
        inside = inside or above is paragraph
        if isinstance(above, _CLOSED) or "objectives" in above.get("classes", ()):
            return True
        above = above.parent
    return not inside  # a node that two places share knows one parent only


def _mark(text: nodes.Text, glossary: Glossary, seen: set[Term], page: str) -> None:
    words, end = str(text), 0
    pieces: list[nodes.Node] = []
    for match in glossary.pattern.finditer(words):
        term = glossary.by_form.get(match[0]) or glossary.by_form[match[0].lower()]
        if term in seen:
            continue
        seen.add(term)
        card = f"{term.en} · {term.nb}\n{term.text}"
        link = term_link("", match[0], refuri=f"{page}#{term.anchor}", card=card, internal=True)
        pieces += [nodes.Text(words[end : match.start()]), link]
        end = match.end()
    if pieces:
        text.parent.replace(text, [*pieces, nodes.Text(words[end:])])
