"""Questions on a page of the site: to be answered there, with feedback to each option and new numbers on demand.

The page needs no server. Without JavaScript it shows each question with its answer folded away; with it, the script
``practice.js`` makes a form of each, from variants that were drawn when the page was made.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from html import escape
from typing import Any

from autograder.exam.item import LANGUAGES, Item
from autograder.exam.question import Question, spelled
from autograder.exam.render import html, inline

#: How often numbers are drawn for one page; "new numbers" goes round among them.
VARIANTS = 6

_MIME = {"svg": "image/svg+xml", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
_WORDS = {
    "en": {"answer": "Answer", "rubric": "What earns points", "points": "points", "sample": "A strong answer"},
    "no": {"answer": "Svar", "rubric": "Hva som gir poeng", "points": "poeng", "sample": "Et sterkt svar"},
}


def section(question: Question) -> str:
    """Return a question as HTML for the site.

    Parameters
    ----------
    question : Question
        Of the public bank.

    Returns
    -------
    str
        A ``section`` with the question in English as everybody can read it, and its variants in both languages as
        JSON for the script.
    """
    seeds = range(1, VARIANTS + 1) if question.parametric else range(1, 2)
    variants = {language: [_variant(question.item(seed, language)) for seed in seeds] for language in LANGUAGES}
    data = json.dumps({"id": question.id, "kind": question.kind, "variants": variants}, ensure_ascii=False)
    plain = _plain(question.item(1, "en").shuffled(1))
    safe = data.replace("</", "<\\/")
    return (
        f'<section class="practice" id="question-{question.id}" data-kind="{question.kind}">\n{plain}\n'
        f'<script type="application/json">{safe}</script>\n</section>\n'
    )


def sections(questions: Sequence[Question]) -> str:
    """Return questions one after another; see `section`."""
    return "".join(map(section, questions))


def solution(item: Item) -> str:
    """Return the right answer of an item in words, HTML.

    Parameters
    ----------
    item : Item
        Of any kind.
    """
    words = _WORDS[item.language]
    match item.kind:
        case "single" | "multiple":
            said = _list("ul", [_embedded(option.text, item) for option in item.options if option.right])
        case "numeric" | "matrix":
            named = item.kind == "matrix"
            said = _list(
                "ul",
                [
                    f"<code>{blank.id}</code>: {_number(item, blank.id)}" if named else _number(item, blank.id)
                    for blank in item.blanks
                ],
            )
        case "ordering":
            said = _list("ol", [_embedded(step, item) for step in item.order])
        case "matching":
            said = _list("ul", [f"{_embedded(given, item)} → {_embedded(other, item)}" for given, other in item.pairs])
        case "hotspot":
            assert item.spot is not None  # noqa: S101  # the bank sees to it
            said = f"<p>x {item.spot.x:.0f}, y {item.spot.y:.0f}</p>"
        case "short":
            said = _list("ul", [escape(text) for text in item.accepted])
        case _:
            criteria = [f"{_embedded(one.text, item)} ({one.points:g} {words['points']})" for one in item.rubric]
            said = f"<p>{words['rubric']}:</p>{_list('ul', criteria)}<p>{words['sample']}:</p>"
            said += html(item.samples.get("strong", ""))
    return said + html(item.feedback)


def _variant(item: Item) -> dict[str, Any]:
    """Return what the script needs to show and score one variant."""
    return {
        "title": item.title,
        "points": item.points,
        "stem": _stem(item),
        "options": [
            {
                "id": one.id,
                "text": _inline(one.text, item),
                "right": one.right,
                "feedback": _embedded(one.feedback, item),
            }
            for one in item.options
        ],
        "blanks": [
            {
                "id": one.id,
                "value": one.value,
                "tolerance": one.tolerance,
                "unit": one.unit,
                "shown": _number(item, one.id),
            }
            for one in item.blanks
        ],
        "slips": [{"value": one.value, "feedback": _embedded(one.feedback, item)} for one in item.slips],
        "order": [_inline(step, item) for step in item.order],
        "pairs": [[_inline(given, item), _inline(other, item)] for given, other in item.pairs],
        "accepted": list(item.accepted),
        "spot": None if item.spot is None else {**vars(item.spot), "picture": _address(item.spot.picture, item)},
        "solution": solution(item),
    }


def _plain(item: Item) -> str:
    """Return the question for readers without JavaScript."""
    choices = _list("ul", [_embedded(option.text, item) for option in item.options])
    steps = _list("ul", [_inline(step, item) for step in sorted(item.order)])
    given = _list("ul", [_inline(one, item) for one, _ in item.pairs])
    picture = f'<img src="{_address(item.spot.picture, item)}" alt="{escape(item.title)}">' if item.spot else ""
    feedback = _list("ul", [f"{_inline(one.text, item)}: {_embedded(one.feedback, item)}" for one in item.options])
    words = _WORDS[item.language]
    return (
        f"<h3>{escape(item.title)}</h3>\n<div class='plain' tabindex='0'>{_stem(item)}{picture}{choices}{steps}{given}"
        f"<details><summary>{words['answer']}</summary>{solution(item)}{feedback}</details></div>"
    )


def _stem(item: Item) -> str:
    return html(item.stem, lambda name: _address(name, item), lambda name: f'<span data-blank="{name}">____</span>')


def _embedded(text: str, item: Item) -> str:
    return html(text, lambda name: _address(name, item)) if text else ""


def _inline(text: str, item: Item) -> str:
    return inline(text, lambda name: _address(name, item))


def _address(name: str, item: Item) -> str:
    kind = _MIME.get(name.rpartition(".")[2].lower(), "image/png")
    data = item.pictures.get(name)
    return f"data:{kind};base64,{base64.b64encode(data).decode()}" if data else name


def _number(item: Item, name: str) -> str:
    blank = next(blank for blank in item.blanks if blank.id == name)
    return f"{spelled(blank.value, f'.{blank.decimals}f', item.language)} {blank.unit}".strip()


def _list(kind: str, entries: Sequence[str]) -> str:
    return f"<{kind}>{''.join(f'<li>{entry}</li>' for entry in entries)}</{kind}>" if entries else ""
