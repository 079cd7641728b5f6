"""A formula in LaTeX as Typst sets it, by way of the MathML that pages show."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from xml.etree import ElementTree as ET

import latex2mathml.converter

_ACCENTS = {"^": "hat", "~": "tilde", "¯": "overline", "―": "overline", "‾": "overline", "→": "arrow", "˙": "dot"}
_BRACES = {"⏞": "overbrace", "⏟": "underbrace"}
_WITH_LIMITS = frozenset({"max", "min", "sup", "inf", "lim"})
_OPENING, _CLOSING = frozenset("([{⟨|‖⌈⌊"), frozenset(")]}⟩|‖⌉⌋")


class FormulaError(ValueError):
    """A formula is not understood."""


@cache
def formula(latex: str) -> str:
    """Return a formula in LaTeX as Typst maths.

    Raises
    ------
    FormulaError
        If it is not understood.
    """
    try:
        return _math(ET.fromstring(latex2mathml.converter.convert(latex)))  # noqa: S314  # from our own bank
    except Exception as error:  # the converter has a dozen kinds of its own
        raise FormulaError(latex) from error


def _math(node: ET.Element) -> str:
    name = node.tag.rpartition("}")[2]
    if name == "mtable":
        side = "left" if node[0][0].get("columnalign") == "left" else "center"
        return f"mat(delim: #none, align: #{side}, {'; '.join(', '.join(map(_math, row)) for row in node)})"
    parts = [_math(child) for child in node]
    match name:
        case "math" | "mrow" | "mstyle" | "mpadded" | "mtd":
            return _row(node, parts)
        case "mi" | "mo":
            return _symbol(node)
        case "mn" | "mtext":
            return quoted(node.text or "")
        case "mspace":
            return f"#h({node.get('width', '0em')})"
        case "mfrac":
            return f"{'binom' if node.get('linethickness') == '0' else 'frac'}({', '.join(parts)})"
        case "msqrt":
            return f"sqrt({' '.join(parts)})"
        case "mroot":
            return f"root({parts[1]}, {parts[0]})"
        case "msub":
            return f"attach({parts[0]}, b: {parts[1]})"
        case "msup":
            return f"attach({parts[0]}, t: {parts[1]})"
        case "msubsup":
            return f"attach({parts[0]}, b: {parts[1]}, t: {parts[2]})"
        case "mover" | "munder":
            return _decorated(node, parts)
        case "munderover":
            return f"attach(limits({parts[0]}), b: {parts[1]}, t: {parts[2]})"
        case other:
            raise FormulaError(other)


def _row(node: ET.Element, parts: Sequence[str]) -> str:
    """Join the parts of a row; brackets that are to stretch, and those around a table, grow with what they hold."""
    if len(node) > 1 and node[0].get("fence") == "true":
        return f"lr({' '.join(parts)})"
    # Braces around a sign, as in 0{,}8, take away the space that follows it
    if len(node) == 1 and node[0].tag.endswith("}mo"):
        return f'class("normal", {parts[0]})'
    joined = list(parts)
    for place, child in enumerate(node):
        if child.tag.endswith("}mtable"):
            first = place - (place > 0 and node[place - 1].text in _OPENING)
            last = place + (place + 1 < len(node) and node[place + 1].text in _CLOSING)
            joined[first] = f"lr({joined[first]}"
            joined[last] += ")"
    return " ".join(filter(None, joined)) or '""'


def _symbol(node: ET.Element) -> str:
    text = node.text or ""
    if not text or node.get("minsize"):
        return ""
    if text in ("|", "‖"):
        return f'class("normal", {text})'
    if "\\" in text:
        raise FormulaError(text)
    if len(text) > 1:
        return f"op({quoted(text)}{', limits: #true' if text in _WITH_LIMITS else ''})"
    plain = text.isalnum() or text in "=<>+-" or not text.isascii()
    shown = text if plain else f"\\{text}"
    return f"upright({shown})" if node.get("mathvariant") == "normal" else shown


def _decorated(node: ET.Element, parts: Sequence[str]) -> str:
    """Return what has an accent, a brace or something small above or below it."""
    sign = node[1].text or ""
    above = node.tag.endswith("}mover")
    if above and sign in _ACCENTS:
        return f"{_ACCENTS[sign]}({parts[0]})"
    if sign in _BRACES:
        return f"{_BRACES[sign]}({parts[0]})"
    return f"attach(limits({parts[0]}), {'t' if above else 'b'}: {parts[1]})"


def quoted(text: str) -> str:
    """Return a text as a string literal of Typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
