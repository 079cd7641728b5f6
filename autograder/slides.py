"""Each lecture as slides, made from the same page: what is shown is short, the page's own words are the notes.

A section becomes a slide with its heading and its first sentence; its figures, tables and short lists follow, one to a
slide. All its prose goes into the speaker's notes, so that nothing is written twice.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from docutils import nodes
from jinja2 import Environment, PackageLoader
from sphinx.application import Sphinx

_SENTENCE = re.compile(r"(.+?[.!?])(?=\s+[A-ZÆØÅ“\"(]|\s*$)", re.DOTALL)
_FIGURES = (nodes.figure, nodes.table, nodes.image, nodes.math_block)
_REVEAL = "_reveal"


@dataclass
class Slide:
    """What one slide shows.

    Parameters
    ----------
    title : str
        The heading.
    body : str
        What stands under it, HTML.
    notes : list of str
        What the lecturer may say, HTML, a paragraph each.
    """

    title: str
    body: str
    notes: list[str] = field(default_factory=list)


def name(docname: str) -> str:
    """Return the address of the slides of a page, from the root of the site without ``.html``."""
    return f"{docname}-slides"


def write(app: Sphinx, docname: str, doctree: nodes.Node) -> None:
    """Write the slides of a lecture beside its page.

    Parameters
    ----------
    app : Sphinx
        The builder of the site.
    docname : str
        The page.
    doctree : docutils.nodes.Node
        What is on it, with references resolved.
    """
    root = next(doctree.findall(nodes.section))
    first, *others = _slides(app, root)
    slides = [Slide(first.title, _objectives(app, root), first.notes), *others]
    template = Environment(loader=PackageLoader("autograder", "."), autoescape=True).get_template("slides.html")
    page = app.builder.get_target_uri(docname).rpartition("/")[2]
    depth = "../" * docname.count("/")
    html = template.render(
        title=_title(root), slides=slides, page=page, reveal=f"{depth}{_REVEAL}", static=f"{depth}_static"
    )
    place = Path(app.outdir) / f"{name(docname)}.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(html, encoding="utf-8")
    _provide_reveal(Path(app.outdir) / _REVEAL)


def _title(section: nodes.Element) -> str:
    title = section.next_node(nodes.title)
    return title.astext() if title is not None else ""


def _objectives(app: Sphinx, root: nodes.section) -> str:
    found = next((node for node in root.findall(nodes.container) if "objectives" in node["classes"]), None)
    listed = found.next_node(nodes.bullet_list) if found is not None else None
    return _html(app, listed) if listed is not None else ""


def _slides(app: Sphinx, section: nodes.section) -> Iterator[Slide]:
    """Make the slides of a section, with those of the sections inside it."""
    title = _title(section)
    paragraphs = [node for node in section.children if isinstance(node, nodes.paragraph)]
    lists = [node for node in section.children if isinstance(node, (nodes.bullet_list, nodes.enumerated_list))]
    lead = f"<p>{escape(_first_sentence(paragraphs[0]))}</p>" if paragraphs else ""
    if title == "Summary" and lists:
        lead = _html(app, lists[0])
    yield Slide(title, lead, [_html(app, paragraph) for paragraph in paragraphs])
    for node in section.children:
        if isinstance(node, nodes.section):
            yield from _slides(app, node)
        elif node in lists and title != "Summary":
            yield Slide(title, _html(app, node))
        elif isinstance(node, nodes.Element):
            for shown in _shown(node):
                yield Slide(title, _html(app, shown))


def _shown(node: nodes.Element) -> Iterator[nodes.Element]:
    """Find the figures, tables and formulas in a block, but not what a figure holds or what is folded away."""
    printed = isinstance(node, nodes.literal_block) and "cell_output" in node.parent.get("classes", ())
    if isinstance(node, _FIGURES) or printed:
        yield node
    elif "sd-dropdown" in node.get("classes", ()) or isinstance(node, nodes.paragraph):
        return
    else:
        for child in node.children:
            if isinstance(child, nodes.raw) and "<svg" in child.astext() and "narrow" not in child.astext():
                yield child
            elif isinstance(child, nodes.Element) and not isinstance(child, nodes.section):
                yield from _shown(child)


def _first_sentence(paragraph: nodes.paragraph) -> str:
    text = " ".join(paragraph.astext().split())
    match = _SENTENCE.match(text)
    return match[1] if match else text


def _html(app: Sphinx, node: nodes.Node) -> str:
    html = str(app.builder.render_partial(node)["body"])  # type: ignore[attr-defined]
    # The page's own drawings are styled inside their figure
    return f'<figure class="book-figure">{html}</figure>' if isinstance(node, nodes.raw) else html


def _provide_reveal(place: Path) -> None:
    """Copy reveal.js, which the package sphinx-revealjs carries, so that no slide asks another server for it."""
    if place.is_dir():
        return
    spec = importlib.util.find_spec("sphinx_revealjs")
    assert spec is not None  # noqa: S101  # a dependency of this package
    assert spec.origin is not None  # noqa: S101
    carried = Path(spec.origin).parent / "_static" / "revealjs"
    new = place.with_name(f".{place.name}-new")
    shutil.rmtree(new, ignore_errors=True)
    for part in ("dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js", "LICENSE"):
        (new / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(carried / part, new / part)
    new.replace(place)
