"""Markdown of a question as HTML that is also XML, with formulas as MathML."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import latex2mathml.converter
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.exam.question import FIELD

#: The corner of a table, which is no heading of anything.
_EMPTY_HEAD = re.compile(r"<th[^>]*></th>")


def html(text: str, picture: Callable[[str], str] = str, field: Callable[[str], str] | None = None) -> str:
    """Render the Markdown of a stem, an option or a feedback.

    Parameters
    ----------
    text : str
        Markdown with tables, code and formulas between dollar signs. HTML in it is shown as text.
    picture : callable
        From the name of an image to its address.
    field : callable, optional
        From the id of a blank to what stands in its place; by default blanks stay ``[[id]]``.

    Returns
    -------
    str
        Well-formed XHTML without a root.
    """
    tokens = _parser().parse(text)
    for token in (child for outer in tokens for child in (outer, *(outer.children or ()))):
        if token.type == "image":
            token.attrSet("src", picture(str(token.attrGet("src"))))
    rendered: str = _parser().renderer.render(tokens, _parser().options, {})
    rendered = _EMPTY_HEAD.sub("<td></td>", rendered)
    return FIELD.sub(lambda match: field(match[1]), rendered) if field else rendered


def inline(text: str, picture: Callable[[str], str] = str) -> str:
    """Render a text of one paragraph without the paragraph around it; a longer one as `html` does."""
    whole = html(text, picture).strip()
    single = whole.startswith("<p>") and whole.endswith("</p>") and whole.count("<p>") == 1
    return whole[3:-4] if single else whole


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")
    dollarmath_plugin(parser, allow_space=False, double_inline=True)
    for name, display in (("math_inline", "inline"), ("math_block", "block"), ("math_inline_double", "block")):
        parser.add_render_rule(name, _formula(display))
    return parser


def _formula(display: str) -> Callable[..., str]:
    def render(_: RendererHTML, tokens: list[Token], place: int, *__: object) -> str:
        return str(latex2mathml.converter.convert(tokens[place].content.strip(), display=display))

    return render
