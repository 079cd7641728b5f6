"""An exam is put together by its blueprint, exactly, or it is said why it can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import CourseError
from autograder.exam.bank import Bank
from autograder.exam.blueprint import Blueprint, variant
from tests.conftest import ROOT

PLAN = """
title: Exam of autumn
points: 24
minutes: 90
pass: 12
parts:
  - {count: 8, topics: [confusion, prevalence, imbalance], points: 1}
  - {count: 6, types: [single], difficulty: [easy, medium], points: 1}
  - {count: 1, types: [essay], points: 10}
difficulty: {easy: [0.2, 0.6]}
"""


@pytest.fixture
def bank() -> Bank:
    return Bank.public(Course(ROOT))


def read(folder: Path, text: str) -> Blueprint:
    path = folder / "blueprint.yml"
    path.write_text(text, "utf-8")
    return Blueprint.read(path)


def test_every_wish_is_met(bank: Bank, tmp_path: Path) -> None:
    plan = read(tmp_path, PLAN)
    chosen = plan.fill(bank, seed=1)
    assert len({question.id for question in chosen}) == 15
    assert sum(question.points for question in chosen) == 24
    assert sum(question.minutes for question in chosen) <= 90
    assert 0.2 * 15 <= sum(question.difficulty == "easy" for question in chosen) <= 0.6 * 15
    for part, slots in zip(plan.parts, (chosen[:8], chosen[8:14], chosen[14:]), strict=True):
        assert all(map(part.takes, slots))
    assert plan.fill(bank, seed=1) == chosen
    assert {question.id for question in plan.fill(bank, seed=2)} != {question.id for question in chosen}


def test_questions_of_earlier_editions_are_not_used_again(bank: Bank, tmp_path: Path) -> None:
    used = [question.id for question in read(tmp_path, PLAN).fill(bank)][:3]
    (tmp_path / "exam-2026.yml").write_text(f"questions: [{', '.join(used)}]\n", "utf-8")
    again = read(tmp_path, f"{PLAN}avoid: [exam-2026.yml]\n").fill(bank)
    assert not {question.id for question in again} & set(used)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points: 24", "points: 23.5", "without any one of these wishes: .*points"),
        ("minutes: 90", "minutes: 5", "without any one of these wishes: .*minutes"),
        ("count: 1, types: [essay]", "count: 99, types: [essay]", r"99 questions of types essay, and the bank has \d+"),
        ("[0.2, 0.6]", "[1, 1]", "without any one of these wishes: .*difficulty easy"),
    ],
)
def test_what_stands_in_the_way_is_named(bank: Bank, tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        read(tmp_path, PLAN.replace(old, new)).fill(bank)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\n", "parts"),
        ("parts: [{topics: [confusion]}]\n", "part 1 needs 'count'"),
        ("parts: [{count: 1, topic: [confusion]}]\n", "no field 'topic'. Did you mean 'topics'"),
        ("parts: [{count: 1, types: [singel]}]\n", "no type 'singel'. Did you mean 'single'"),
        ("parts: [{count: 1}]\navoid: [none.yml]\n", "none.yml"),
        ("parts: [", "can't be read"),
    ],
)
def test_a_blueprint_that_is_not_as_it_should_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        read(tmp_path, text)


def test_a_variant_is_a_students_own_and_can_be_made_again(bank: Bank, tmp_path: Path) -> None:
    questions = read(tmp_path, PLAN).fill(bank)
    ann, bob = (variant(questions, b"secret", student, "en") for student in ("ann", "bob"))
    assert variant(questions, b"secret", "ann", "en") == ann
    assert [item.id for item in ann] == [item.id for item in bob]
    assert ann != bob
    assert variant(questions, b"another", "ann", "en") != ann
