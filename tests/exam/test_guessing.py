"""What blind guessing earns, against enumeration and against a figure worked out by hand."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from autograder.exam.guessing import Scheme, chances, guess
from autograder.exam.item import Item, Option
from autograder.exam.score import score


def choice(kind: str, options: int, right: int) -> Item:
    made = tuple(
        Option("abcdefgh"[n], f"option {n}", n < right, "" if n < right else "unrelated", "") for n in range(options)
    )
    return Item("q", 1, "en", kind, 1.0, "Title", "Stem", options=made)  # type: ignore[arg-type]


def test_a_scheme_of_eight_times_two_of_five_passes_a_guesser_nearly_every_second_time() -> None:
    scheme = Scheme(options=5, ticked=2, points=(0, 3, 5))
    assert scheme.chances() == {0: Fraction(3, 10), 3: Fraction(6, 10), 5: Fraction(1, 10)}
    result = guess([scheme] * 8, needed=20, others=20)
    assert result.total == 60
    assert result.expected == pytest.approx(18.4)
    assert result.passing == pytest.approx(0.44, abs=0.005)
    assert result.easy
    assert "More" not in scheme.words
    assert "raise the pass mark" in result.sentence


def test_the_figure_is_what_trials_find() -> None:
    rng = random.Random(219)
    passed = 0
    for _ in range(20_000):
        right = [len(set(rng.sample(range(5), 2)) & {0, 1}) for _ in range(8)]
        passed += sum((0, 3, 5)[ticks] for ticks in right) >= 20
    assert passed / 20_000 == pytest.approx(guess([Scheme(5, 2, (0, 3, 5))] * 8, 20).passing, abs=0.015)


def test_a_choice_of_four_is_guessed_once_in_four() -> None:
    assert chances(choice("single", 4, 1)) == {Fraction(0): Fraction(3, 4), Fraction(1): Fraction(1, 4)}
    result = guess([choice("single", 4, 1)] * 10, needed=5)
    assert result.passing == pytest.approx(0.0781, abs=0.0001)  # the binomial tail, 5 or more of 10 at 1/4
    assert result.easy


def test_partial_credit_is_counted_as_the_score_counts_it() -> None:
    item = choice("multiple", 5, 2)
    expected = sum(float(points * chance) for points, chance in chances(item).items())
    rng = random.Random(219)
    tried = [score(item, rng.sample("abcde", 2)) or 0.0 for _ in range(20_000)]
    assert expected == pytest.approx(sum(tried) / len(tried), abs=0.01)


def test_an_exam_of_essays_gives_a_guesser_nothing() -> None:
    result = guess([Item("e", 1, "en", "essay", 10, "Title", "Stem")], needed=4)
    assert (result.expected, result.passing, result.easy) == (0, 0, False)
