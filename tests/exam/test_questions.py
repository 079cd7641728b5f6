"""Every question of the bank, drawn many times: right answers are right, options differ, both languages agree."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from autograder.course import Course
from autograder.exam.bank import Bank
from autograder.exam.item import KINDS, LANGUAGES, Item
from autograder.exam.score import number, score
from tests.conftest import ROOT

SEEDS = 1000


@cache
def bank() -> Bank:
    return Bank.public(Course(ROOT))


NAMES = [path.stem for path in bank().files()]


def seeds(name: str) -> range:
    return range(SEEDS if bank()[name].parametric else 1)


def texts(item: Item) -> list[str]:
    """Return everything that a student may read."""
    parts = [item.title, item.stem, item.feedback, *item.order, *item.accepted, *item.samples.values()]
    parts += [text for option in item.options for text in (option.text, option.feedback)]
    parts += [text for pair in item.pairs for text in pair]
    return parts + [slip.feedback for slip in item.slips]


def numbers(item: Item) -> Counter[float]:
    """Return the numbers in the texts, as numbers: a decimal comma or a space in a thousand makes no difference."""
    plain_texts = [text.replace("{,}", ",") for text in texts(item)]
    found = [re.findall(r"\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)*", text) for text in plain_texts]
    plain = [
        text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) and item.language == "en" else text
        for one in found
        for text in one
    ]
    return Counter(value for text in plain if (value := number(text)) is not None)


def test_the_bank_covers_every_type_and_is_large_enough() -> None:
    questions = bank().questions.values()
    assert {question.kind for question in questions} == set(KINDS)
    assert len(questions) >= 120
    assert sum(question.parametric for question in questions) >= 50


def test_every_topic_has_questions() -> None:
    asked = {topic for question in bank().questions.values() for topic in question.topics}
    assert set(bank().topics) - asked == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_question_holds_for_every_seed(name: str) -> None:
    question = bank()[name]
    for seed in seeds(name):
        values = question.draw(seed)
        english, norwegian = (question.fill(values, seed, language) for language in LANGUAGES)
        for item in (english, norwegian):
            prose = re.sub(r"\$[^$]*\$", "", "\n".join(texts(item)))  # formulas have braces of their own
            assert not re.search(r"\{\{|\}\}|\bnan\b|\binf\b", prose), (seed, item.language)
            options = [" ".join(option.text.split()) for option in item.options]
            assert len(set(options)) == len(options), (seed, options)
            assert len({slip.value for slip in item.slips}) == len(item.slips), seed
            for slip in item.slips:
                assert not item.blanks[0].accepts(slip.value), (seed, slip)
                shown = round(slip.value, item.blanks[0].decimals)
                assert shown != round(item.blanks[0].value, item.blanks[0].decimals), (seed, slip)
            for blank in item.blanks:
                # What is shown as the right answer must be accepted when it is typed
                assert blank.accepts(round(blank.value, blank.decimals)), (seed, blank)
            for outcome, one in enumerate(item.order):
                assert one not in item.order[:outcome], seed
            assert len({other for _, other in item.pairs}) == len(item.pairs), seed
        assert [option.right for option in english.options] == [option.right for option in norwegian.options]
        assert english.blanks == norwegian.blanks
        assert english.kind == "essay" or numbers(english) == numbers(norwegian), (
            seed,
            numbers(english) - numbers(norwegian),
            numbers(norwegian) - numbers(english),
        )


@pytest.mark.parametrize("name", NAMES)
def test_the_right_answer_earns_all_points_and_nothing_earns_none(name: str) -> None:
    item = bank()[name].item(219, "en")
    answers = {
        "single": item.right,
        "multiple": item.right,
        "numeric": {blank.id: blank.value for blank in item.blanks},
        "matrix": {blank.id: blank.value for blank in item.blanks},
        "ordering": item.order,
        "matching": dict(item.pairs),
        "hotspot": (item.spot.x, item.spot.y) if item.spot else None,
        "short": item.accepted[0] if item.accepted else None,
        "essay": "An answer.",
    }
    assert score(item, answers[item.kind]) == (None if item.kind == "essay" else pytest.approx(item.points))
    assert score(item, None) == 0


@pytest.mark.parametrize("name", [name for name in NAMES if bank()[name].parametric])
def test_equal_seeds_draw_equal_numbers_and_others_differ(name: str) -> None:
    question = bank()[name]
    stems = {str(question.item(seed, "en")) for seed in range(30)}
    assert question.item(7, "en") == question.item(7, "en")
    assert len(stems) >= 10
