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
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from autograder.course import Course
from autograder.errors import CourseError, nearest
from autograder.objectives import served

if TYPE_CHECKING:
    from clinic import Card
    from clinic.card import File

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
        return [nodes.container("", lead, nodes.bullet_list("", *items), classes=["objectives"])]


class ObjectivesTable(SphinxDirective):
    """``{objectives-table}``: every objective of the course, and the pages that serve it."""

    def run(self) -> list[nodes.Node]:
        """Return a list of the objectives, each with links to its pages."""
        self.env.note_reread()  # any page may begin or cease to serve an objective
        texts = _objectives(self.env)
        try:
            pages_by_objective = served(Course(Path(self.env.srcdir)))
        except CourseError as error:
            raise self.error(str(error)) from error
        items = []
        for key, pages in pages_by_objective.items():
            paragraph = nodes.paragraph("", f"{texts[key]} ")
            for place, name in enumerate(pages):
                paragraph += nodes.Text(", " if place else "(")
                paragraph += _link(name)
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


class LabsTable(SphinxDirective):
    """``{labs-table}``: the labs of the course, with their notebooks, time and points."""

    def run(self) -> list[nodes.Node]:
        """Return a table, a row a notebook, in the order of the table of contents."""
        self.env.note_reread()  # any notebook may change
        course = Course(Path(self.env.srcdir))
        rows = ["| Lab | Notebook | Minutes | Exercises | Points |", "| --- | --- | ---: | ---: | ---: |"]
        try:
            for name in sorted(course.labs, key=lambda lab: self._place(f"labs/{lab}/index")):
                pages = {course.relative(source.with_suffix("")): source for source in course.labs[name]}
                for number, page in enumerate(sorted(pages, key=self._place)):
                    notebook = course.read(pages[page])
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

    def _place(self, page: str) -> tuple[int, str]:
        """Return where a page stands in the table of contents, those that don't at the end."""
        order = [line.strip() for line in (Path(self.env.srcdir) / "_toc.yml").read_text("utf-8").splitlines()]
        return next((place for place, line in enumerate(order) if line.endswith(f"file: {page}")), len(order)), page


def _link(page: str) -> nodes.Node:
    """Return a link to a page, with the page's title."""
    link = {"refdomain": "std", "reftype": "doc", "refexplicit": False, "refwarn": True}
    return pending_xref("", nodes.inline("", ""), reftarget=f"/{page}", **link)


def _card_value(said: str | tuple[str | File, ...] | None) -> list[nodes.Node]:
    if isinstance(said, tuple):
        items = [nodes.list_item("", *_card_value(str(one))) for one in said]
        return [nodes.bullet_list("", *items) if items else nodes.paragraph("", "none: made anew by the lab")]
    pieces = re.split(r"(https://[^\s,;]+)", said or "no: real measurements")
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


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Name the lab pages whose run is no longer the one they were made from."""
    from autograder import page  # brings nbgrader

    course = Course(Path(app.srcdir))
    keys = {course.relative(source.with_suffix("")): page.key(course, source) for source in course.notebooks()}
    known: dict[str, str] = getattr(env, "course_keys", {})
    env.course_keys = keys  # type: ignore[attr-defined]
    return [name for name, key in keys.items() if name in env.found_docs and known.get(name) != key]


def _mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.Node) -> None:
    """Take out what Jupyter Book puts into a page and a reader should not get.

    That is roles in the bibliography that accessibility rules no longer allow, and the loader of Thebe, which would
    run code on a public server.
    """
    for role in (' role="doc-biblioentry"', ' role="list" class="citation-list"'):
        context["body"] = context.get("body", "").replace(role, "")
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
