"""Every question of the bank, drawn many times: right answers are right, options differ, both languages agree."""

from __future__ import annotations

from functools import cache

import pytest

from autograder.course import Course
from autograder.exam import lint
from autograder.exam.bank import Bank
from autograder.exam.item import KINDS
from autograder.exam.score import score
from tests.conftest import ROOT

SEEDS = 1000


@cache
def bank() -> Bank:
    return Bank.public(Course(ROOT))


NAMES = [path.stem for path in bank().files()]


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
    assert list(lint.faults(bank()[name], SEEDS)) == []


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
