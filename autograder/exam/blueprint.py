"""Assembling an exam: the questions that fit a blueprint, found exactly, and a variant for each student.

A blueprint is a YAML file::

    title: Exam, autumn 2027
    points: 60                 # in all
    minutes: 120               # at most, by the questions' own estimates
    pass: 24                   # points
    avoid: [exam-2026.yml]     # earlier editions: files with a list 'questions'
    parts:
      - {count: 6, topics: [confusion, prevalence], types: [single, numeric]}
      - {count: 1, types: [essay]}
    difficulty: {easy: [0.2, 0.5], hard: [0, 0.3]}   # share of the questions, at least and at most

The choice is an integer program: which question serves in which part. Among the choices that meet all wishes it draws
one by the seed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import Bounds, LinearConstraint, milp

from autograder.errors import CourseError, nearest
from autograder.exam.bank import Bank
from autograder.exam.item import KINDS, Item, Language
from autograder.exam.question import Question

_FIELDS = {"title", "points", "minutes", "pass", "avoid", "parts", "difficulty"}
_PART_FIELDS = {"count", "topics", "types", "objectives", "points", "difficulty"}
_LEVELS = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Part:
    """A number of questions of the same description; an empty field allows everything.

    Parameters
    ----------
    count : int
        How many.
    topics, types, objectives, difficulty : tuple of str
        A question must be of one of the types and difficulties, and have one of the topics and objectives.
    points : float, optional
        What each must earn.
    """

    count: int
    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    difficulty: tuple[str, ...] = ()
    points: float | None = None

    def takes(self, question: Question) -> bool:
        """Say whether a question answers the description."""
        return (
            (not self.types or question.kind in self.types)
            and (not self.difficulty or question.difficulty in self.difficulty)
            and (not self.topics or bool(set(self.topics) & set(question.topics)))
            and (not self.objectives or bool(set(self.objectives) & set(question.objectives)))
            and (self.points is None or self.points == question.points)
        )

    @property
    def words(self) -> str:
        """The description in words."""
        lists = {name: getattr(self, name) for name in ("types", "topics", "objectives", "difficulty")}
        given = [f"{name} {' or '.join(words)}" for name, words in lists.items() if words]
        return f"{self.count} questions" + (f" of {', '.join(given)}" if given else "")


@dataclass(frozen=True)
class Blueprint:
    """What an exam shall be like; see the module.

    Parameters
    ----------
    title : str
        Of the exam.
    points, minutes : float, optional
        In all; the minutes are a limit.
    needed : float, optional
        The pass mark.
    avoid : tuple of str
        Ids of questions that were used lately.
    parts : tuple of Part
        In the order of the exam.
    difficulty : dict of (float, float)
        The least and the largest share of the questions of a difficulty.
    """

    title: str
    points: float | None
    minutes: float | None
    needed: float | None
    avoid: tuple[str, ...]
    parts: tuple[Part, ...]
    difficulty: dict[str, tuple[float, float]]

    @classmethod
    def read(cls, path: Path) -> Blueprint:
        """Read a blueprint.

        Raises
        ------
        CourseError
            If it is not as it should be; names the field.
        """
        try:
            given = yaml.safe_load(path.read_text("utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise CourseError(f"{path}: can't be read: {error}") from error
        if not isinstance(given, dict) or not given.get("parts"):
            raise CourseError(f"{path}: expected 'title' and 'parts: [{{count: …}}]'.")
        _refuse_unknown(path, given, _FIELDS)
        parts = tuple(_part(path, number, entry) for number, entry in enumerate(given["parts"], 1))
        difficulty = {}
        for level, shares in (given.get("difficulty") or {}).items():
            if level not in _LEVELS or not isinstance(shares, list) or len(shares) != 2:
                raise CourseError(f"{path}: 'difficulty' is {{easy|medium|hard: [least, largest]}}, shares of 1.")
            difficulty[level] = (float(shares[0]), float(shares[1]))
        avoid = tuple(name for edition in given.get("avoid") or () for name in _used(path.parent / str(edition)))
        numbers = [given.get(name) for name in ("points", "minutes", "pass")]
        points, minutes, needed = (None if number is None else float(number) for number in numbers)
        return cls(str(given.get("title", path.stem)), points, minutes, needed, avoid, parts, difficulty)

    def fill(self, bank: Bank, seed: int = 0) -> list[Question]:
        """Choose the questions.

        Parameters
        ----------
        bank : Bank
            Where from.
        seed : int
            What draws among choices that are equally good.

        Returns
        -------
        list of Question
            In the order of the parts.

        Raises
        ------
        CourseError
            If no choice meets the blueprint; says which wish, left out alone, would let it be met.
        """
        questions = [question for question in bank.questions.values() if question.id not in self.avoid]
        chosen = self._solve(questions, seed)
        if chosen is None:
            raise CourseError(f"The blueprint can't be met. {self._why(bank, seed)}")
        return chosen

    def _solve(self, questions: Sequence[Question], seed: int, *, without: str = "") -> list[Question] | None:
        """Return the choice, or None if there is none; `without` names a wish that is not asked for."""
        pairs = [
            (place, at) for place, part in enumerate(self.parts) for at, q in enumerate(questions) if part.takes(q)
        ]
        if not pairs:
            return None
        rows, low, high = [], [], []

        def ask(weights: Sequence[float], least: float, most: float) -> None:
            rows.append(weights)
            low.append(least)
            high.append(most)

        for place, part in enumerate(self.parts):
            asked = 0 if without == f"part {place + 1}" else part.count
            ask([float(one == place) for one, _ in pairs], asked, part.count)
        for at in range(len(questions)):
            ask([float(one == at) for _, one in pairs], 0, 1)
        if self.points is not None and without != "points":
            ask([questions[at].points for _, at in pairs], self.points, self.points)
        if self.minutes is not None and without != "minutes":
            ask([questions[at].minutes for _, at in pairs], 0, self.minutes)
        count = sum(part.count for part in self.parts)
        for level, (least, most) in self.difficulty.items():
            if without != f"difficulty {level}":
                ask([float(questions[at].difficulty == level) for _, at in pairs], least * count, most * count)
        taste = np.random.default_rng(seed).uniform(0, 1, len(questions))
        found = milp(
            -taste[[at for _, at in pairs]],
            integrality=np.ones(len(pairs)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array(rows), np.array(low) - 1e-9, np.array(high) + 1e-9),
        )
        if found.x is None:
            return None
        return [questions[at] for (_, at), taken in zip(pairs, found.x, strict=True) if taken > 0.5]

    def _why(self, bank: Bank, seed: int) -> str:
        """Say what stands in the way."""
        every = list(bank.questions.values())
        fresh = [question for question in every if question.id not in self.avoid]
        short = []
        for part in self.parts:
            there = sum(map(part.takes, fresh))
            if there < part.count:
                short.append(f"It asks for {part.words}, and the bank has {there}.")
        if short:
            return " ".join(short)
        wishes = [f"part {number}" for number in range(1, len(self.parts) + 1)]
        wishes += ["points", "minutes", *(f"difficulty {level}" for level in self.difficulty)]
        helping = [wish for wish in wishes if self._solve(fresh, seed, without=wish) is not None]
        if self.avoid and self._solve(every, seed) is not None:
            helping.append("avoid")
        if helping:
            return f"It could be met without any one of these wishes: {', '.join(helping)}."
        return "No single wish stands in the way; loosen points, minutes and difficulty together."


def variant(questions: Sequence[Question], secret: bytes, student: str, language: Language) -> list[Item]:
    """Return the exam of one student: the same questions, numbers and order of options of her own.

    All students meet the same questions, so that the variants are equally difficult but for the numbers.

    Parameters
    ----------
    questions : sequence of Question
        The exam.
    secret : bytes
        What only the graders know; with it and the student's id the variant can be made again.
    student : str
        Her id.
    language : {'en', 'no'}
        The language.
    """
    seed = int.from_bytes(hmac.new(secret, student.encode(), hashlib.sha256).digest()[:6], "big")
    return [question.item(seed, language).shuffled(seed) for question in questions]


def _part(path: Path, number: int, entry: Any) -> Part:
    place = f"{path}: part {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("count"), int) or entry["count"] < 1:
        raise CourseError(f"{place} needs 'count', a whole number of 1 or more.")
    _refuse_unknown(place, entry, _PART_FIELDS)
    lists = {name: tuple(map(str, entry.get(name) or ())) for name in ("topics", "types", "objectives", "difficulty")}
    for name, known in (("types", KINDS), ("difficulty", _LEVELS)):
        for one in lists[name]:
            if one not in known:
                raise CourseError(f"{place}: there is no {name.removesuffix('s')} '{one}'.{nearest(one, known)}")
    points = entry.get("points")
    return Part(entry["count"], **lists, points=None if points is None else float(points))


def _refuse_unknown(place: Path | str, given: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise CourseError(f"{place}: there is no field '{unknown[0]}'.{nearest(unknown[0], known)}")


def _used(edition: Path) -> list[str]:
    try:
        return list(map(str, yaml.safe_load(edition.read_text("utf-8"))["questions"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CourseError(f"{edition}: an earlier edition is a file with a list 'questions': {error}") from error
