"""The Sphinx extension of the site.

Loaded by ``_config.yml``, so that ``jupyter-book build .`` typed by hand gives the same site as ``course build``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from autograder import deck, glossary, ledger, slides
from autograder.course import Course
from autograder.errors import CourseError, nearest
from autograder.exam import links
from autograder.objectives import served

if TYPE_CHECKING:
    from clinic import Card
    from clinic.card import File

    from autograder.lab import Cell

_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.connect("config-inited", _announce)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _rewrite)
    app.connect("html-page-context", _mend, priority=900)
    app.add_directive("objectives", Objectives)
    app.add_directive("objectives-table", ObjectivesTable)
    app.add_directive("data-cards", DataCards)
    app.add_directive("labs-table", LabsTable)
    app.add_directive("deck-table", DeckTable)
    app.add_directive("claims-ledger", ClaimsLedger)
    app.add_directive("practice", Practice)
    app.add_directive("bank-questions", BankQuestions)
    app.add_role("claim", ClaimRole())
    app.add_role("sittings", SittingsRole())
    app.add_role("points", PointsRole())
    app.add_config_value("course_glossary", glossary.Glossary(()), "", types=[glossary.Glossary])
    app.add_directive("glossary-list", glossary.GlossaryList)
    app.add_node(glossary.term_link, html=(glossary.visit_term, glossary.depart_term))
    app.connect("doctree-resolved", glossary.explain)
    # MathML is what browsers draw themselves: no script, no fonts to load, and screen readers can read it
    app.add_html_math_renderer("mathml", (_visit_math, None), (_visit_math_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class Objectives(SphinxDirective):
    """``{objectives} ID ID …``: the learning objectives of a page."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a titled list, or complain of an unknown id."""
        known = _objectives(self.env)
        wanted = self.arguments[0].split()
        for key in wanted:
            if key not in known:
                raise self.error(f"There is no objective '{key}' in book/objectives.yml.{nearest(key, known)}")
        items = [nodes.list_item("", nodes.paragraph("", known[key])) for key in wanted]
        lead = nodes.paragraph("", "After this page you can:")
        box = nodes.container("", lead, nodes.bullet_list("", *items), classes=["objectives"])
        if self.env.docname.startswith("book/"):
            self.env.metadata[self.env.docname]["slides"] = "yes"
            address = f"{slides.name(self.env.docname).rpartition('/')[2]}.html"
            box += nodes.paragraph(
                "", "", nodes.reference("", "Show as slides", refuri=address), classes=["slides-link"]
            )
        return [box]


class ObjectivesTable(SphinxDirective):
    """``{objectives-table}``: every objective, the pages that serve it, and the questions that ask for it."""

    def run(self) -> list[nodes.Node]:
        """Return a list of the objectives, each with links to its pages and questions."""
        self.env.note_reread()  # any page may begin or cease to serve an objective
        texts = _objectives(self.env)
        try:
            pages_by_objective = served(Course(Path(self.env.srcdir)))
            questions = links.by_objective(Course(Path(self.env.srcdir)))
        except CourseError as error:
            raise self.error(str(error)) from error
        items = []
        for key, pages in pages_by_objective.items():
            paragraph = nodes.paragraph("", f"{texts[key]} ")
            paragraph += _listed("(", [_link(name) for name in pages])
            if questions[key]:
                paragraph += _listed("; questions: ", [_question_link(self.env, link) for link in questions[key]])
            paragraph += nodes.Text(")")
            items.append(nodes.list_item("", paragraph))
        return [nodes.bullet_list("", *items)]


def _objectives(env: BuildEnvironment) -> dict[str, str]:
    course = Course(Path(env.srcdir))
    env.note_dependency(str(course.root / "book" / "objectives.yml"))
    return course.objectives


class DataCards(SphinxDirective):
    """``{data-cards}``: what is known of every data set of the course, and where each is used."""

    def run(self) -> list[nodes.Node]:
        """Return a section a card, in the order of their titles."""
        import clinic  # takes two seconds

        self.env.note_reread()  # any notebook may begin or cease to use a data set
        course = Course(Path(self.env.srcdir))
        try:
            users = [(self._page(course, source), course.read(source).header.data) for source in course.notebooks()]
            cards = {name: clinic.load_card(name) for name in course.cards}
        except (CourseError, ValueError) as error:
            raise self.error(str(error)) from error
        ordered = sorted(cards.items(), key=lambda item: item[1].title)
        return [self._section(name, card, [page for page, used in users if name in used]) for name, card in ordered]

    def _page(self, course: Course, source: Path) -> str:
        return course.relative(source.with_suffix(""))

    def _section(self, name: str, card: Card, pages: list[str]) -> nodes.Node:
        self.env.note_dependency(str(Course(Path(self.env.srcdir)).cards[name]))
        used = nodes.paragraph("", "Used by " if pages else "Kept for the reader's own work; no page uses it yet.")
        for place, page in enumerate(pages):
            used += nodes.Text(", " if place else "")
            used += _link(page)
        used += nodes.Text("." if pages else "")
        items = []
        for field in fields(card)[1:]:  # the title is the section's
            definition = nodes.definition("", *_card_value(getattr(card, field.name)))
            items.append(nodes.definition_list_item("", nodes.term("", field.name.capitalize()), definition))
        table = nodes.container("", nodes.definition_list("", *items), classes=["data-card"])
        return nodes.section("", nodes.title("", card.title), used, table, ids=[f"data-{name}"])


class DeckTable(SphinxDirective):
    """``{deck-table}``: every item of the lecture deck of 2022, and the section that covers it."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each part of the deck."""
        self.env.note_reread()  # any page may rename a section
        try:
            parts = deck.homes(Course(Path(self.env.srcdir)))
        except CourseError as error:
            raise self.error(str(error)) from error
        sections = []
        for number, (name, items) in enumerate(parts.items(), 1):
            listed = nodes.bullet_list("", *(nodes.list_item("", self._line(item)) for item in items))
            sections.append(nodes.section("", nodes.title("", name), listed, ids=[f"deck-{number}"]))
        return list(sections)

    def _line(self, item: deck.Item) -> nodes.paragraph:
        here = self.env.app.builder.get_relative_uri(self.env.docname, item.page)
        link = nodes.reference("", item.text, refuri=f"{here}#{item.anchor}", internal=True)
        return nodes.paragraph("", "", link)


class ClaimsLedger(SphinxDirective):
    """``{claims-ledger}``: every claim of the lecture deck of 2022, its source, and what has become of it."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each part of the deck."""
        self.env.note_reread()  # any page may begin or cease to cite a claim
        course = Course(Path(self.env.srcdir))
        try:
            known, pages = ledger.claims(course), ledger.cited(course)
        except CourseError as error:
            raise self.error(str(error)) from error
        sections: dict[str, nodes.section] = {}
        for claim in known.values():
            title = nodes.title("", claim.section)
            section = sections.setdefault(claim.section, nodes.section("", title, ids=[nodes.make_id(claim.section)]))
            section += self._entry(claim, pages[claim.id])
        return list(sections.values())

    def _entry(self, claim: ledger.Claim, pages: list[str]) -> nodes.container:
        newer = f" {{cite}}`{','.join(claim.newer)}`" if claim.newer else ""
        lines = [
            f"**{claim.claim}**",
            _source(claim),
            f"Status: *{claim.status}* ({ledger.STATUSES[claim.status]})",
            f"Today: {claim.today}{newer}" if claim.today or newer else "Today: nothing newer was found.",
        ]
        used = nodes.paragraph("", "Discussed in ")
        for place, page in enumerate(pages):
            used += nodes.Text(", " if place else "")
            used += _link(page)
        body = self.parse_text_to_nodes("\n\n".join(lines) + "\n")
        return nodes.container("", *body, used, classes=["claim-entry", claim.status], ids=[f"claim-{claim.id}"])


def _source(claim: ledger.Claim) -> str:
    cited = f"{{cite}}`{claim.source}`"
    if claim.named:
        return f"Source ({claim.year}): {cited}"
    return f"Source: the lecture cites no work; see {cited}" if claim.source else "Source: the lecture cites no work."


class Practice(SphinxDirective):
    """``{practice} TOPIC TOPIC …``: the questions of the public bank on some topics, to be answered on the page."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a section for each topic."""
        from autograder.exam import practice
        from autograder.exam.bank import Bank

        self.env.note_reread()  # a question may be new
        try:
            bank = Bank.public(Course(Path(self.env.srcdir)))
            questions = list(bank.questions.values())
            sections = []
            for topic in self.arguments[0].split():
                if topic not in bank.topics:
                    raise self.error(f"There is no topic '{topic}' in exam/topics.yml.{nearest(topic, bank.topics)}")
                chosen = [question for question in questions if question.topics[0] == topic]
                title = nodes.title("", bank.topics[topic])
                raw = nodes.raw("", practice.sections(chosen), format="html")
                sections.append(nodes.section("", title, raw, ids=[f"practice-{topic}"]))
        except CourseError as error:
            raise self.error(str(error)) from error
        head = '<link rel="stylesheet" href="{0}practice.css"><script src="{0}practice.js" defer></script>'
        static = "../" * self.env.docname.count("/") + "_static/"
        return [nodes.raw("", head.format(static), format="html"), *sections]


class BankQuestions(SphinxDirective):
    """``{bank-questions}``: links to the questions of the public bank on what the page teaches."""

    def run(self) -> list[nodes.Node]:
        """Return a list of links, or nothing if the bank has no such question."""
        links = self.env.course_links.get(self.env.docname, [])  # type: ignore[attr-defined]
        if not links:
            return []
        lead = "In the question bank, with feedback to what you answer, and new numbers where there are any:"
        items = [nodes.list_item("", nodes.paragraph("", "", _question_link(self.env, link))) for link in links]
        return [nodes.paragraph("", lead), nodes.bullet_list("", *items, classes=["bank-questions"])]


class ClaimRole(SphinxRole):
    """``{claim}`ID```: a link to an entry of the ledger, which says what has become of the claim."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link, or complain of an unknown id."""
        known = ledger.claims(Course(Path(self.env.srcdir)))
        if self.text not in known:
            hint = nearest(self.text, known)
            message = f"There is no claim '{self.text}' in book/claims.yml.{hint}"
            return [], [self.inliner.reporter.error(message, line=self.lineno)]
        here = self.env.app.builder.get_relative_uri(self.env.docname, "book/claims")
        address = f"{here}#claim-{self.text}"
        link = nodes.reference("", f"ledger: {known[self.text].status}", refuri=address, internal=True)
        return [nodes.inline("", "", nodes.Text("["), link, nodes.Text("]"), classes=["claim"])], []


class SittingsRole(SphinxRole):
    """``{sittings}`LAB```: how often one sits down to a lab, once a notebook, and for how long."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the sentence's part, or complain of an unknown lab."""
        course = Course(Path(self.env.srcdir))
        try:
            sources = [source for _, source in _in_order(course, self.text)]
            minutes = [course.read(source).header.minutes for source in sources]
        except CourseError as error:
            return [], [self.inliner.reporter.error(str(error), line=self.lineno)]
        for source in sources:
            self.env.note_dependency(str(source))
        return [nodes.Text(_sittings(minutes))], []


class PointsRole(SphinxRole):
    """``{points}`LAB``` or ``{points}`LAB/NOTEBOOK```: how many exercises and essays, and for how many points."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the sentence's part, or complain of an unknown lab or notebook."""
        course = Course(Path(self.env.srcdir))
        try:
            sources = [course.notebook(self.text)] if "/" in self.text else course.sources(self.text)
            cells = [cell for source in sources for cell in course.read(source).cells]
        except CourseError as error:
            return [], [self.inliner.reporter.error(str(error), line=self.lineno)]
        for source in sources:
            self.env.note_dependency(str(source))
        return [nodes.Text(_points(cells))], []


class LabsTable(SphinxDirective):
    """``{labs-table}``: the labs of the course, with their notebooks, time and points."""

    def run(self) -> list[nodes.Node]:
        """Return a table, a row a notebook, in the order of the table of contents."""
        self.env.note_reread()  # any notebook may change
        course = Course(Path(self.env.srcdir))
        rows = ["| Lab | Sitting | Minutes | Exercises | Points |", "| --- | --- | ---: | ---: | ---: |"]
        try:
            for name in sorted(course.labs, key=lambda lab: _place(course, f"labs/{lab}/index")):
                for number, (page, source) in enumerate(_in_order(course, name)):
                    notebook = course.read(source)
                    first = "" if number else f"{{doc}}`/labs/{name}/index`"
                    graded = [cell for cell in notebook.cells if cell.points]
                    tests = sum(cell.role == "tests" for cell in graded)
                    essays = ", essay" * any(cell.role == "essay" for cell in graded)
                    total = sum(cell.points for cell in graded)
                    minutes = notebook.header.minutes
                    rows.append(f"| {first} | {{doc}}`/{page}` | {minutes} | {tests}{essays} | {total:g} |")
        except CourseError as error:
            raise self.error(str(error)) from error
        return self.parse_text_to_nodes("\n".join(rows) + "\n")


def _in_order(course: Course, lab: str) -> list[tuple[str, Path]]:
    """Return the pages of a lab's notebooks and their sources, in the order of the table of contents."""
    pages = [(course.relative(source.with_suffix("")), source) for source in course.sources(lab)]
    return sorted(pages, key=lambda pair: _place(course, pair[0]))


def _place(course: Course, page: str) -> tuple[int, str]:
    """Return where a page stands in the table of contents, those that don't at the end."""
    order = [line.strip() for line in (course.root / "_toc.yml").read_text("utf-8").splitlines()]
    return next((place for place, line in enumerate(order) if line.endswith(f"file: {page}")), len(order)), page


def _sittings(minutes: list[int]) -> str:
    """Say how many sittings there are, and of how many minutes."""
    if len(minutes) == 1:
        return f"one sitting of {minutes[0]} minutes"
    return f"{_number(len(minutes))} sittings, of {' and '.join(map(str, minutes))} minutes"


def _points(cells: list[Cell]) -> str:
    """Say how many exercises and essays there are among some cells, and for how many points, as in a sentence."""
    parts: list[str] = []
    for role, name in (("tests", "exercise"), ("essay", "essay")):
        points = [cell.points for cell in cells if cell.role == role]
        if points:
            count = f"an {name}" if len(points) == 1 else f"{_number(len(points))} {name}s"
            unit = "" if parts else " point" if sum(points) == 1 else " points"
            parts.append(f"{count} for {sum(points):g}{unit}")
    return " and ".join(parts) or "no exercises"


def _number(count: int) -> str:
    """Write a number as a sentence does: as a word up to twelve."""
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return words[count] if count < len(words) else str(count)


def _link(page: str) -> nodes.Node:
    """Return a link to a page, with the page's title."""
    link = {"refdomain": "std", "reftype": "doc", "refexplicit": False, "refwarn": True}
    return pending_xref("", nodes.inline("", ""), reftarget=f"/{page}", **link)


def _question_link(env: BuildEnvironment, link: links.Link) -> nodes.reference:
    address = f"{env.app.builder.get_relative_uri(env.docname, link.page)}#{link.anchor}"
    return nodes.reference("", link.title, refuri=address, internal=True)


def _listed(lead: str, entries: list[nodes.Node]) -> list[nodes.Node]:
    """Return nodes with commas between them, and a text before them."""
    return [part for place, entry in enumerate(entries) for part in (nodes.Text(", " if place else lead), entry)]


def _card_value(said: str | tuple[str | File, ...] | None) -> list[nodes.Node]:
    if isinstance(said, tuple):
        items = [nodes.list_item("", *_card_value(str(one))) for one in said]
        return [nodes.bullet_list("", *items) if items else nodes.paragraph("", "none: made anew by the lab")]
    pieces = re.split(r"(https://[^\s,;]+)", said or "no")
    linked = [nodes.reference("", one, refuri=one) if one.startswith("https://") else nodes.Text(one) for one in pieces]
    return [nodes.paragraph("", "", *linked)]


def _visit_math(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(_mathml(node, "inline"))
    raise nodes.SkipNode


def _visit_math_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    # A formula may be wider than a phone; a region that scrolls must be reachable by keyboard
    translator.body.append(f'<div class="math-block" tabindex="0">{_mathml(node, "block")}</div>')
    raise nodes.SkipNode


def _mathml(node: nodes.Element, display: str) -> str:
    import latex2mathml.converter

    try:
        return str(latex2mathml.converter.convert(node.astext(), display=display))
    except Exception as error:  # noqa: BLE001  # the library raises a dozen kinds for what it can't read
        _log.warning("can't read the formula %r: %s", node.astext(), error, location=node)
        return ""


def _announce(app: Sphinx, config: Config) -> None:
    """Tell the readers of notebooks where the course is, and MyST-NB which lectures run."""
    os.environ["COURSE_ROOT"] = str(app.srcdir)
    course = Course(Path(app.srcdir))
    config.nb_custom_formats.update({course.relative(path): "autograder.page.read" for path in course.lectures})
    try:
        config.course_glossary = glossary.Glossary.read(course)
    except CourseError as error:
        raise ExtensionError(str(error)) from error


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Name the lab pages whose run is no longer the one they were made from, and pages with other questions on them."""
    from autograder import page  # brings nbgrader

    course = Course(Path(app.srcdir))
    keys = {course.relative(source.with_suffix("")): page.key(course, source) for source in course.notebooks()}
    known: dict[str, str] = getattr(env, "course_keys", {})
    env.course_keys = keys  # type: ignore[attr-defined]
    try:
        asked = links.by_page(course)
    except CourseError as error:
        raise ExtensionError(str(error)) from error
    before: dict[str, list[links.Link]] = getattr(env, "course_links", {})
    env.course_links = asked  # type: ignore[attr-defined]
    old = [name for name, key in keys.items() if known.get(name) != key]
    old += [name for name in {*asked, *before} if asked.get(name) != before.get(name)]
    return [name for name in old if name in env.found_docs]


def _mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.Node) -> None:
    """Write a lecture's slides, and take out what Jupyter Book puts into a page and a reader should not get.

    That is roles in the bibliography that accessibility rules no longer allow, and the loader of Thebe, which would
    run code on a public server.
    """
    for role in (' role="doc-biblioentry"', ' role="list" class="citation-list"'):
        context["body"] = context.get("body", "").replace(role, "")
    if doctree is not None and "slides" in app.env.metadata.get(pagename, {}):
        slides.write(app, pagename, doctree)
    scripts = context.get("script_files", [])
    context["script_files"] = [script for script in scripts if "thebe" not in f"{script} {vars(script)}".lower()]


def _rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name every page when something has changed that any page may show.

    Sphinx writes only the pages that it has read again. But citations are made from the bibliography, the list of
    pages beside each page and the links between pages from titles, and the references from what is cited.
    """
    book = Course(Path(app.srcdir)).root / "book"
    cited = (target.key for reference in env.domaindata["cite"]["citation_refs"] for target in reference.targets)
    shown = {
        "bibliography": [(book / name).read_text("utf-8") for name in ("references.bib", "references.md")],
        "titles": {name: title.astext() for name, title in env.titles.items()},
        "labels": env.domaindata["std"]["labels"],
        "headings": {name: metadata.get("myst_slugs") for name, metadata in env.metadata.items()},
        "cited": sorted(set(cited)),
    }
    digest = hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()
    known = getattr(env, "course_shown", digest)
    env.course_shown = digest  # type: ignore[attr-defined]
    return [] if known == digest else sorted(env.found_docs)
