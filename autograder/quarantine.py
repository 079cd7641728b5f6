"""HTML for what a student's notebook holds.

None of it is trusted: whatever it says, it can't script, load, restyle or redirect the page that shows it.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape
from nbformat import NotebookNode

#: Longest text shown, in characters.
LONGEST = 20_000
#: Largest picture or table shown, in characters as the notebook holds it.
LARGEST = 5_000_000

#: Where a defused notebook keeps the HTML that it shows in a frame.
SUBMITTED_HTML = "application/x-submitted-html"
_JOINER = "\N{WORD JOINER}"
_GOOD = r"https?://|mailto:|#"
_OPENING = re.compile(
    r"(<)([a-z/!?])"  # HTML
    rf"|(?:(\])([(:]\s*)(?!{_GOOD}|attachment:))"  # a link, or the address of one given elsewhere
    r"|(!)(\[)(?![^\]]*\]\(attachment:)"  # a picture from elsewhere
    r"|(\\)(href|require|class|cssid|style)",  # what MathJax makes links and styles of
    re.IGNORECASE,
)

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SAFE_ADDRESS = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

# A frame is held by its sandbox and by both policies. Hints to look up or open a connection are under no policy, and
# only these elements give them.
_HINTS = re.compile(r"<(?=(?:link|meta)\b)", re.IGNORECASE)
_FRAME_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'\">"
    '<meta http-equiv="x-dns-prefetch-control" content="off"><title>Output</title>'
    "<style>body { margin: 0.5rem; font: 1rem/1.4 system-ui, sans-serif; }</style></head><body>"
)


def defuse(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a graded notebook that can be shown by programs which trust what they show.

    nbgrader's formgrader puts Markdown and outputs into its page as they are, and its page may do all that the
    instructor may. So HTML is put into a frame that lets nothing out, what is neither text nor picture is dropped, and
    in what students wrote an invisible character stands where HTML, a link that leads to no web page, or a picture
    from elsewhere would begin.
    """
    safe = NotebookNode(notebook | {"cells": [NotebookNode(cell) for cell in notebook.cells]})
    for cell in safe.cells:
        if cell.cell_type == "code":
            cell.outputs = [_defused(said) for said in cell.outputs]
        elif not cell.metadata.get("nbgrader", {}).get("locked"):
            cell.source = _OPENING.sub(_parted, cell.source)
    return safe


def _parted(found: re.Match[str]) -> str:
    first, second = (group for group in found.groups() if group is not None)
    return f"{first}{_JOINER}{second}"


def _defused(said: NotebookNode) -> NotebookNode:
    data = said.get("data")
    if data is None:
        return said
    said = NotebookNode(said)
    kept = {kind: text for kind, text in data.items() if kind == "text/plain" or _pixels(kind, text)}
    if isinstance(data.get("text/html"), str):
        kept |= {SUBMITTED_HTML: data["text/html"], "text/html": str(frame(data["text/html"], "Output"))}
    said.data, said.metadata = NotebookNode(kept or {"text/plain": ""}), NotebookNode()
    return said


def plain(text: str) -> str:
    """Return a text without terminal colours and control characters; of a line printed over, the last state."""
    text = _ESCAPES.sub("", text.replace("\r\n", "\n"))
    text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def preformatted(text: str) -> Markup:
    """Return a text as a block that keeps its lines. A long one is cut, and a sentence says so."""
    text = plain(text)
    return Markup("<pre>{}</pre>").format(text[:LONGEST]) + _cut(text)


def output(said: NotebookNode, source: str) -> Markup:
    """Return one output of a code cell.

    Parameters
    ----------
    said : NotebookNode
        The output, as nbformat has it.
    source : str
        Where it comes from, such as ``your cell 12``, to name figures and frames with.
    """
    if said.output_type == "stream":
        return preformatted(_text(said.get("text")))
    if said.output_type == "error":
        return preformatted(_text(said.get("traceback")) or f"{said.get('ename')}: {said.get('evalue')}")
    data = said.get("data") or {}
    for kind in (*_BEGINNINGS, "image/svg+xml"):
        image = picture(kind, data.get(kind), f"Figure made by {source}")
        if image:
            return Markup("<figure>{}</figure>").format(image)
    table = _text(data.get(SUBMITTED_HTML) or data.get("text/html"))
    if table and len(table) <= LARGEST:
        return frame(table, f"Output of {source}")
    if data.get("text/plain"):
        return preformatted(_text(data["text/plain"]))
    return Markup("<p>This output can’t be shown here ({}).</p>").format(", ".join(data) or "it is empty")


def picture(kind: str, content: object, alt: str) -> Markup | None:
    """Return a picture that holds its own data, or None if the content is not of its kind."""
    data = _pixels(kind, content)
    if not data:
        return None
    # In <img> an SVG neither runs scripts nor loads anything
    return Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, b64encode(data).decode("ascii"), alt)


def _pixels(kind: str, content: object) -> bytes:
    """Return the file that a picture's content stands for, empty if it is not of its kind."""
    if not isinstance(content, str) or len(content) > LARGEST:
        return b""
    if kind == "image/svg+xml":
        return content.encode("utf-8", "replace")
    if kind not in _BEGINNINGS:
        return b""
    try:
        data = b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if data.startswith(_BEGINNINGS[kind]) else b""


def frame(html: str, title: str) -> Markup:
    """Return a frame that shows HTML and lets nothing out."""
    inside = _FRAME_HEAD + _HINTS.sub("&lt;", html)
    return Markup('<iframe sandbox title="{}" srcdoc="{}"></iframe>').format(title, inside)


class Markdown:
    """Renders Markdown cells, one after the other, with headings that stay in order.

    Parameters
    ----------
    above : int
        The level of the page's heading above the cells.
    """

    def __init__(self, above: int) -> None:
        self._above = self._level = above
        self._parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
        self._parser.enable(["table", "strikethrough"])
        self._parser.validateLink = lambda url: True  # type: ignore[method-assign]  # links are tamed below

    def html(self, text: str, attachments: Mapping[str, Any] | None = None) -> Markup:
        """Return a cell's text as HTML.

        Parameters
        ----------
        text : str
            Markdown. HTML in it is shown as text.
        attachments : mapping, optional
            The pictures that are pasted into the cell, as nbformat has them.
        """
        text = plain(text)
        env = {"attachments": attachments or {}}
        tokens = self._parser.parse(text[:LONGEST], env)
        for place, token in enumerate(tokens):
            if token.type == "heading_open":
                token.tag = tokens[place + 2].tag = self._heading(int(token.tag[1]), tokens[place + 1])
            elif token.type == "th_open" and not tokens[place + 1].content:
                token.tag = tokens[place + 2].tag = "td"
            elif token.type == "th_open":
                token.attrSet("scope", "col")
            elif token.type == "inline":
                token.children = list(_links(token.children or []))
        return Markup(self._parser.renderer.render(tokens, self._parser.options, env)) + _cut(text)  # noqa: S704

    def _heading(self, wanted: int, inline: Token) -> str:
        """Return the tag of a heading: no level is jumped over, and an empty one is none."""
        if not inline.content.strip():
            return "p"
        self._level = min(self._above + wanted, self._level + 1, 6)
        return f"h{self._level}"


class _Renderer(RendererHTML):
    """Renders Markdown: pictures from the cell itself only, and tables that a narrow screen can scroll."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        alt = self.renderInlineAsText(tokens[idx].children or [], options, env)
        name = unquote(str(tokens[idx].attrGet("src"))).removeprefix("attachment:")
        for kind, content in dict(env["attachments"].get(name, {})).items():
            shown = picture(kind, content, alt or "Figure pasted into the text")
            if shown:
                return str(shown)
        return str(escape(f"[picture: {alt}]" if alt else "[picture]"))

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "</table></div>"


def _links(children: list[Token]) -> Iterator[Token]:
    """Yield the tokens of a line of text without the links that lead to anything but a web page or an address."""
    kept = False
    for place, token in enumerate(children):
        if token.type == "link_open":
            address = str(token.attrGet("href"))
            kept = bool(_SAFE_ADDRESS.match(address))
            if not kept:
                continue
            token.attrSet("rel", "noopener noreferrer nofollow")
            yield token
            if _is_empty(children[place + 1 :]):
                yield Token("text", "", 0, content=address)
        elif kept or token.type != "link_close":
            yield token


def _is_empty(rest: list[Token]) -> bool:
    """Say whether nothing can be seen before the link is closed."""
    inside = rest[: next(place for place, token in enumerate(rest) if token.type == "link_close")]
    return not any(token.type == "image" or token.content.strip() for token in inside)


def _text(value: object) -> str:
    """Return a text, which nbformat may hold as a list of lines."""
    if isinstance(value, list):
        return "\n".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _cut(text: str) -> Markup:
    if len(text) <= LONGEST:
        return Markup()
    return Markup("<p>The rest is left out: this shows {:,} of {:,} characters.</p>").format(LONGEST, len(text))
