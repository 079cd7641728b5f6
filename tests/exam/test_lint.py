"""Each fault that a drawn question may have is found, and a sound one has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.exam import lint
from autograder.exam.item import KINDS, Item, Kind
from tests.exam.examples import example


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_question_has_no_fault(kind: Kind) -> None:
    assert list(lint._looked_at(example(kind))) == []


def damaged(kind: Kind) -> Item:
    item = example(kind)
    match kind:
        case "single":
            return replace(item, options=(item.options[0], *item.options[:-1]))
        case "numeric":
            return replace(item, slips=(replace(item.slips[0], value=item.blanks[0].value), *item.slips[1:]))
        case "ordering":
            return replace(item, order=(item.order[0], *item.order[:-1]))
        case "matching":
            return replace(item, pairs=tuple((given, item.pairs[0][1]) for given, _ in item.pairs))
        case "matrix":
            return replace(item, blanks=tuple(replace(one, value=one.value + 0.4, decimals=0) for one in item.blanks))
        case _:
            return replace(item, stem="It is {{nothing}}.")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("single", "two options read alike"),
        ("numeric", "counts as right"),
        ("ordering", "two steps read alike"),
        ("matching", "two partners of a matching read alike"),
        ("matrix", "is not within the tolerance"),
        ("short", "a place is not filled in"),
    ],
)
def test_a_fault_is_named(kind: Kind, said: str) -> None:
    assert any(said in fault for fault in lint._looked_at(damaged(kind)))


@pytest.mark.parametrize("formula", [r"$\begin{aligned} a &= b \end{aligned}$", r"$\sqrt$"])
def test_a_formula_that_no_page_can_show_is_named(formula: str) -> None:
    assert list(lint._unreadable(example("single"))) == []
    (fault,) = lint._unreadable(replace(example("single"), feedback=f"So {formula}."))
    assert "a formula can't be shown (en)" in fault
    assert formula in fault
