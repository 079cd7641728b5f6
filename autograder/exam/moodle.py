r"""Moodle XML: a file of questions that Moodle's question bank imports.

What is known of the format, and from where (repository moodle/moodle):

A file is imported with "stop on error" and "match grades: error" unless the user says otherwise. Then a fraction must
lie within 0.00001 of one that Moodle knows (``question/engine/bank.php``): p/q for q up to 6, p/10, 1/7, 1/8, 1/9,
1/20 and their negatives, to seven decimals. Shares of up to ten options are among them, so more than ten right or ten
wrong ones are refused here. The sum of a choice of several is cut at 0 and 1, as in `autograder.exam.score`
(``question/type/multichoice/question.php``).

A number is right within answer ± tolerance; answers are tried in the order of the file, and the first that is wholly
right is shown as the right one (``question/type/numerical/question.php``). So the rounded number stands first, with as
much tolerance as keeps it within the true one, and the exact number after it.

A cloze question has its numbers in the text, ``{1:NUMERICAL:=42:0.5}`` (``question/type/multianswer``); its mark is the
sum of their weights, which are whole numbers. A match question shows what is to be chosen in a menu, as plain text
(``question/type/match``); where that holds formulas or other markup, a cloze question with radio buttons takes its
place. Zones of a ddmarker question are in whole pixels. A short answer is compared whatever its case; ``*`` stands for
anything in it and is escaped.

Formulas are written ``\( \)`` and ``\[ \]``: Moodle's MathJax filter, which is on unless somebody turned it off, reads
these, in the app as well, and every editor keeps them as they are. MathML would be shown too, but is lost where a
text is cleaned or edited.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from math import floor
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.errors import CourseError
from autograder.exam.item import Blank, Item
from autograder.exam.question import FIELD
from autograder.exam.score import plain

#: Into how many equal shares Moodle can divide a question.
_DIVISORS = frozenset({*range(1, 11), 20})
_LONGEST_CHOICE = 255
_WORDS = {
    "en": {
        "unit": "Answer in {}.",
        "marker": "here",
        "drag": "Drag the marker *here* to the place.",
        "rubric": "Rubric",
        "points": "points",
        "strong": "A strong answer",
        "middle": "A middling answer",
        "weak": "A weak answer",
    },
    "no": {
        "unit": "Svar i {}.",
        "marker": "her",
        "drag": "Dra merket *her* til stedet.",
        "rubric": "Vurderingskriterier",
        "points": "poeng",
        "strong": "Et sterkt svar",
        "middle": "Et middels svar",
        "weak": "Et svakt svar",
    },
}


def xml(items: Sequence[Item], category: str) -> str:
    """Return a file of questions for Moodle.

    Parameters
    ----------
    items : sequence of Item
        The questions, in any languages.
    category : str
        Where they go in the question bank of the course; a slash makes a category within another.

    Returns
    -------
    str
        Moodle XML; equal items give equal text.

    Raises
    ------
    CourseError
        If Moodle can't score a question as we do.
    """
    quiz = ET.Element("quiz")
    heading = ET.SubElement(ET.SubElement(quiz, "question", type="category"), "category")
    ET.SubElement(heading, "text").text = f"$course$/top/{category}"
    for item in items:
        quiz.append(_question(item))
    ET.indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(quiz, encoding="unicode") + "\n"


def remarks(items: Sequence[Item]) -> list[str]:
    """Return sentences on what differs in Moodle, for the instructor.

    Parameters
    ----------
    items : sequence of Item
        As given to `xml`.
    """
    said = []
    for item in items:
        parts = len(_parts(item))
        if parts and (mark := parts * _weight(item, parts)) != item.points:
            said.append(f"{item.id}: Moodle gives {mark} marks for it; set {item.points:g} in the quiz.")
        spot = item.spot
        if spot and any(number != round(number) for number in (spot.x, spot.y, spot.radius)):
            said.append(f"{item.id}: Moodle's circle lies on whole pixels, ours does not.")
    return said


def _question(item: Item) -> ET.Element:
    match item.kind:
        case "single" | "multiple":
            return _multichoice(item)
        case "numeric":
            return _numerical(item)
        case "matrix":
            return _head(item, "cloze", _html(item.stem, item, lambda name: _gap(item, name)))
        case "ordering":
            return _ordering(item)
        case "matching":
            return _matching(item)
        case "hotspot":
            return _ddmarker(item)
        case "short":
            return _shortanswer(item)
        case "essay":
            return _essay(item)


def _multichoice(item: Item) -> ET.Element:
    question = _head(item, "multichoice", _html(item.stem, item))
    _plain(question, "single", "true" if item.kind == "single" else "false")
    _plain(question, "shuffleanswers", "true")
    _plain(question, "answernumbering", "abc")
    wrong = len(item.options) - len(item.right)
    for option in item.options:
        if item.kind == "single":
            fraction = "100" if option.right else "0"
        else:
            fraction = _percent(item, len(item.right)) if option.right else f"-{_percent(item, wrong)}"
        answer = _rich(question, "answer", _inline(option.text, item), item, fraction=fraction)
        _rich(answer, "feedback", _html(option.feedback, item), item)
    return question


def _numerical(item: Item) -> ET.Element:
    (blank,) = item.blanks
    asked = f"\n\n{_WORDS[item.language]['unit'].format(blank.unit)}" if blank.unit else ""
    question = _head(item, "numerical", _html(item.stem + asked, item))
    rights = [(value, tolerance, "100", "") for value, tolerance in _targets(blank)]
    slips = [(slip.value, blank.tolerance, "0", slip.feedback) for slip in item.slips]
    for value, tolerance, fraction, feedback in (*rights, *slips):
        answer = ET.SubElement(question, "answer", fraction=fraction, format="plain_text")
        _plain(answer, "text", _number(value))
        _rich(answer, "feedback", _html(feedback, item), item)
        _plain(answer, "tolerance", _number(tolerance))
    # A percent sign may be typed, as everywhere else; other units may not
    percent = blank.unit == "%"
    if percent:
        unit = ET.SubElement(ET.SubElement(question, "units"), "unit")
        _plain(unit, "multiplier", "1")
        _plain(unit, "unit_name", blank.unit)
    _plain(question, "unitgradingtype", "0")
    _plain(question, "showunits", "0" if percent else "3")
    return question


def _ordering(item: Item) -> ET.Element:
    question = _head(item, "ordering", _html(item.stem, item))
    settings = (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0"))
    for name, value in (*settings, ("gradingtype", "ALL_OR_NOTHING"), ("showgrading", "SHOW")):
        _plain(question, name, value)
    for place, step in enumerate(item.order, 1):
        _rich(question, "answer", _inline(step, item), item, fraction=f"{place}.0000000")
    return question


def _matching(item: Item) -> ET.Element:
    others = list(dict.fromkeys(other for _, other in item.pairs))
    if not _menu(item):
        lines = (f"<p>{_inline(given, item)}</p>\n{_radio(item, other, others)}" for given, other in item.pairs)
        return _head(item, "cloze", "\n".join((_html(item.stem, item), *lines)))
    question = _head(item, "matching", _html(item.stem, item))
    _plain(question, "shuffleanswers", "true")
    for given, other in item.pairs:
        part = _rich(question, "subquestion", _inline(given, item), item)
        _plain(ET.SubElement(part, "answer"), "text", other)
    return question


def _ddmarker(item: Item) -> ET.Element:
    spot = item.spot
    assert spot is not None  # noqa: S101
    words = _WORDS[item.language]
    question = _head(item, "ddmarker", _html(f"{item.stem}\n\n{words['drag']}", item))
    _file(question, spot.picture, item.pictures[spot.picture])
    marker = ET.SubElement(question, "drag")
    for name, value in (("no", "1"), ("text", words["marker"]), ("noofdrags", "1")):
        _plain(marker, name, value)
    zone = ET.SubElement(question, "drop")
    circle = f"{round(spot.x)},{round(spot.y)};{round(spot.radius)}"
    for name, value in (("no", "1"), ("shape", "circle"), ("coords", circle), ("choice", "1")):
        _plain(zone, name, value)
    return question


def _shortanswer(item: Item) -> ET.Element:
    question = _head(item, "shortanswer", _html(item.stem, item))
    _plain(question, "usecase", "0")
    # A full stop at the end is forgiven everywhere; Moodle must be told
    texts = {plain(text): " ".join(text.split()).rstrip(".").replace("*", r"\*") for text in item.accepted}
    for text in (written for bare in texts.values() for written in (bare, f"{bare}.")):
        answer = ET.SubElement(question, "answer", fraction="100", format="plain_text")
        _plain(answer, "text", text)
    return question


def _essay(item: Item) -> ET.Element:
    question = _head(item, "essay", _html(item.stem, item))
    words = _WORDS[item.language]
    settings = (("responseformat", "editor"), ("responserequired", "1"), ("responsefieldlines", "20"))
    for name, value in (*settings, ("attachments", "0"), ("attachmentsrequired", "0")):
        _plain(question, name, value)
    rubric = [f"- {line.points:g} {words['points']}: {line.text}" for line in item.rubric]
    samples = [f"**{words[level]}**\n\n{sample}" for level, sample in item.samples.items()]
    information = "\n\n".join((f"**{words['rubric']}**", "\n".join(rubric), *samples))
    _rich(question, "graderinfo", _html(information, item), item)
    return question


def _head(item: Item, kind: str, html: str) -> ET.Element:
    """Return a question with what all types have."""
    question = ET.Element("question", type=kind)
    _plain(ET.SubElement(question, "name"), "text", f"{item.title} ({item.id} {item.seed} {item.language})")
    _rich(question, "questiontext", html, item)
    _rich(question, "generalfeedback", _html(item.feedback, item), item)
    # Without a penalty a question earns the same in every mode of a quiz
    for name, value in (("defaultgrade", f"{item.points:g}"), ("penalty", "0"), ("hidden", "0")):
        _plain(question, name, value)
    _plain(question, "idnumber", f"{item.id}/{item.seed}/{item.language}")
    tags = ET.SubElement(question, "tags")
    for tag in (item.id, item.kind, item.language):
        _plain(ET.SubElement(tags, "tag"), "text", tag)
    return question


def _plain(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _rich(parent: ET.Element, name: str, html: str, item: Item, **attributes: str) -> ET.Element:
    """Add HTML with the images that it shows."""
    element = ET.SubElement(parent, name, attributes | {"format": "html"})
    _plain(element, "text", html)
    for picture, data in item.pictures.items():
        if f'src="{_address(picture)}"' in html:
            _file(element, picture, data)
    return element


def _file(parent: ET.Element, name: str, data: bytes) -> None:
    file = ET.SubElement(parent, "file", name=name, path="/", encoding="base64")
    file.text = base64.b64encode(data).decode("ascii")


def _percent(item: Item, options: int) -> str:
    """Return the share of one of so many options as Moodle writes it: 33.33333."""
    if options not in _DIVISORS:
        raise CourseError(f"{item.id}: Moodle can't divide a question into {options} shares; take at most 10 options.")
    return f"{100 / options:.5f}".rstrip("0").rstrip(".")


def _targets(blank: Blank) -> list[tuple[float, float]]:
    """Return the numbers that are right, with tolerances: rounded as it is to be shown, and exact."""
    shown = round(blank.value, blank.decimals)
    room = floor(1e6 * (blank.tolerance - abs(shown - blank.value))) / 1e6
    exact = (blank.value, blank.tolerance)
    return [exact] if shown == blank.value or room < 0 else [(shown, room), exact]


def _gap(item: Item, name: str) -> str:
    """Return a number to fill in, in the language of cloze questions."""
    blank = next(blank for blank in item.blanks if blank.id == name)
    answers = "~".join(f"={_number(value)}:{_number(tolerance)}" for value, tolerance in _targets(blank))
    unit = f" {escape(blank.unit)}" if blank.unit else ""
    return f"{{{_weight(item, len(item.blanks))}:NUMERICAL:{answers}}}{unit}"


def _radio(item: Item, right: str, others: Sequence[str]) -> str:
    """Return a choice of one, shuffled, with radio buttons, in the language of cloze questions."""
    answers = "~".join(("=" if other == right else "") + _guarded(_inline(other, item)) for other in others)
    return f"{{{_weight(item, len(item.pairs))}:MULTICHOICE_VS:{answers}}}"


def _guarded(html: str) -> str:
    """Hide what would end an answer of a cloze question, or begin a right one; Moodle decodes it once."""
    coded = html.replace("&", "&amp;").replace("#", r"\#").replace("}", r"\}").replace("~", "&#126;")
    return f"&#{ord(coded[0])};{coded[1:]}" if coded[0] in "=%" else coded


def _parts(item: Item) -> Sequence[object]:
    """Return what a cloze question is made of; nothing if it is none."""
    if item.kind == "matrix":
        return item.blanks
    return item.pairs if item.kind == "matching" and not _menu(item) else ()


def _menu(item: Item) -> bool:
    """Say whether what is to be chosen in a matching can stand in a menu: short, and nothing but text."""
    return all(_inline(other, item) == escape(other) and len(other) <= _LONGEST_CHOICE for _, other in item.pairs)


def _weight(item: Item, parts: int) -> int:
    return int(item.points // parts) if item.points % parts == 0 else 1


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _address(picture: str) -> str:
    return f"@@PLUGINFILE@@/{picture}"


def _html(text: str, item: Item, field: Callable[[str], str] | None = None) -> str:
    """Render Markdown as `autograder.exam.render.html` does, but with formulas as Moodle reads them."""
    tokens = _parser().parse(text)
    for token in (child for outer in tokens for child in (outer, *(outer.children or ()))):
        if token.type == "image" and (name := str(token.attrGet("src"))) in item.pictures:
            token.attrSet("src", _address(name))
        if token.type == "table_open":
            token.attrSet("class", "table table-bordered table-sm w-auto")
    rendered: str = _parser().renderer.render(tokens, _parser().options, {})
    return (FIELD.sub(lambda match: field(match[1]), rendered) if field else rendered).strip()


def _inline(text: str, item: Item) -> str:
    """Render a text of one paragraph without the paragraph around it."""
    whole = _html(text, item)
    single = whole.startswith("<p>") and whole.endswith("</p>") and whole.count("<p>") == 1
    return whole[3:-4] if single else whole


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")
    dollarmath_plugin(parser, allow_space=False, double_inline=True)
    parser.add_render_rule("math_inline", _formula(r"\({}\)"))
    for name in ("math_block", "math_inline_double"):
        parser.add_render_rule(name, _formula(r"\[{}\]"))
    return parser


def _formula(form: str) -> Callable[..., str]:
    def render(_: RendererHTML, tokens: list[Token], place: int, *__: object) -> str:
        return form.format(escape(tokens[place].content.strip(), quote=False))

    return render
