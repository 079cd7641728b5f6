"""Whether a question holds: read, drawn many times, and looked at in both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

from autograder.errors import CourseError
from autograder.exam.bank import Bank
from autograder.exam.item import LANGUAGES, Item
from autograder.exam.question import Question
from autograder.exam.render import html
from autograder.exam.score import number

_FORMULA = re.compile(r"\$[^$]*\$")


def complaints(bank: Bank, seeds: int = 100) -> Iterator[str]:
    """Say what is wrong with the questions of a bank, one sentence each, with the file.

    Parameters
    ----------
    bank : Bank
        The questions.
    seeds : int
        How often each is drawn.
    """
    for path in bank.files():
        try:
            yield from (f"{path}: {message}" for message in faults(bank.read(path), seeds))
        except CourseError as error:
            yield str(error)


def faults(question: Question, seeds: int) -> Iterator[str]:
    """Say what is wrong with a question, at the first seed at which something is.

    Parameters
    ----------
    question : Question
        As it was read.
    seeds : int
        How often it is drawn, if its numbers are.
    """
    for seed in range(seeds if question.parametric else 1):
        values = question.draw(seed)
        items = [question.fill(values, seed, language) for language in LANGUAGES]
        found = [fault for item in items for fault in _looked_at(item)]
        found += [fault for item in items for fault in _unreadable(item)] if seed == 0 else []
        if _numbers(items[0]) != _numbers(items[1]):
            found.append("the two languages hold different numbers.")
        if found:
            yield from (f"with seed {seed}, {fault}" for fault in dict.fromkeys(found))
            return


def texts(item: Item) -> list[str]:
    """Return everything that a student may read of an item."""
    parts = [item.title, item.stem, item.feedback, *item.order, *item.accepted, *item.samples.values()]
    parts += [text for option in item.options for text in (option.text, option.feedback)]
    parts += [text for pair in item.pairs for text in pair]
    return parts + [slip.feedback for slip in item.slips]


def _looked_at(item: Item) -> Iterator[str]:
    prose = _FORMULA.sub("", "\n".join(texts(item)))
    if re.search(r"\{\{|\}\}|\bnan\b|\binf\b", prose):
        yield f"a place is not filled in ({item.language})."
    options = [" ".join(option.text.split()) for option in item.options]
    if len(set(options)) < len(options):
        yield f"two options read alike ({item.language})."
    for blank in item.blanks:
        if not blank.accepts(round(blank.value, blank.decimals)):
            yield f"the right answer as it is shown, {round(blank.value, blank.decimals)}, is not within the tolerance."
    numbers = [blank.value for blank in item.blanks] + [slip.value for slip in item.slips]
    shown = [round(value, item.blanks[0].decimals) for value in numbers] if item.slips else []
    if len(set(shown)) < len(shown):
        yield f"two of the numbers {shown} look alike when rounded."
    for slip in item.slips:
        if item.blanks[0].accepts(slip.value):
            yield f"a wrong number ({slip.misconception}) counts as right."
    if len(set(item.order)) < len(item.order):
        yield f"two steps read alike ({item.language})."
    if len({other for _, other in item.pairs}) < len(item.pairs):
        yield f"two partners of a matching read alike ({item.language})."


def _unreadable(item: Item) -> Iterator[str]:
    """Complain of formulas that pages and packages can't show."""
    for text in texts(item):
        try:
            ElementTree.fromstring(f"<x>{html(text)}</x>")  # noqa: S314  # from our own bank
        except Exception:  # noqa: BLE001  # the converter of formulas has a dozen kinds of its own
            yield f"a formula can't be shown ({item.language}): {' '.join(_FORMULA.findall(text)) or text}"


def _numbers(item: Item) -> Counter[float]:
    """Return the numbers in the texts: a decimal comma or a space in a thousand makes no difference."""
    if item.kind == "essay":
        return Counter()
    found: Counter[float] = Counter()
    for text in texts(item):
        for said in re.findall(r"\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)*", text.replace("{,}", ",")):
            thousands = item.language == "en" and re.fullmatch(r"\d{1,3}(,\d{3})+", said)
            value = number(said.replace(",", "") if thousands else said)
            found[value if value is not None else 0.0] += 1
    return found
