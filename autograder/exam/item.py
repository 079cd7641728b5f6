"""A question as one student meets it: one language, numbers drawn, nothing left to fill in."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["single", "multiple", "numeric", "matrix", "ordering", "matching", "hotspot", "short", "essay"]
Language = Literal["en", "no"]

KINDS: tuple[Kind, ...] = (
    "single",
    "multiple",
    "numeric",
    "matrix",
    "ordering",
    "matching",
    "hotspot",
    "short",
    "essay",
)
LANGUAGES: tuple[Language, ...] = ("en", "no")


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from.

    Parameters
    ----------
    id : str
        ``a``, ``b`` … in the order of the file, whatever order it is shown in.
    text : str
        Markdown.
    right : bool
        Whether it belongs to the right answer.
    misconception : str
        What somebody believes who chooses it; empty if it is right.
    feedback : str
        What to say to her, Markdown.
    """

    id: str
    text: str
    right: bool
    misconception: str
    feedback: str


@dataclass(frozen=True)
class Blank:
    """A number to fill in.

    Parameters
    ----------
    id : str
        Its name in the stem, ``[[id]]``.
    value : float
        The right answer.
    tolerance : float
        How far from it an answer may lie and still be right.
    decimals : int
        With how many the right answer is shown.
    unit : str
        The unit, which is shown behind the field and not typed; may be empty.
    """

    id: str
    value: float
    tolerance: float
    decimals: int
    unit: str = ""

    def accepts(self, number: float) -> bool:
        """Say whether a number is right. Half a unit in the twelfth digit is forgiven, which is the computer's."""
        return abs(number - self.value) <= self.tolerance + 5e-12 * max(1.0, abs(self.value))


@dataclass(frozen=True)
class Slip:
    """A wrong number that a known misconception leads to.

    Parameters
    ----------
    value : float
        The number.
    misconception, feedback : str
        As in `Option`.
    """

    value: float
    misconception: str
    feedback: str


@dataclass(frozen=True)
class Spot:
    """A place on an image to be found: a circle.

    Parameters
    ----------
    picture : str
        The name of the image.
    width, height : int
        Its size in pixels.
    x, y, radius : float
        The circle within which a click is right, in pixels from the top left corner.
    """

    picture: str
    width: int
    height: int
    x: float
    y: float
    radius: float

    def accepts(self, x: float, y: float) -> bool:
        """Say whether a click is right."""
        return (x - self.x) ** 2 + (y - self.y) ** 2 <= self.radius**2


@dataclass(frozen=True)
class Criterion:
    """A line of the rubric of an essay.

    Parameters
    ----------
    text : str
        What is asked for, Markdown.
    points : float
        What it earns.
    """

    text: str
    points: float


@dataclass(frozen=True)
class Item:
    """A question, ready to be shown and scored.

    Parameters
    ----------
    id : str
        The question's id, which is the name of its file.
    seed : int
        What its numbers were drawn with.
    language : {'en', 'no'}
        The language of all texts.
    kind : str
        One of `KINDS`.
    points : float
        What a right answer earns.
    title : str
        A few words.
    stem : str
        Markdown; ``[[id]]`` marks where a number is to be filled in.
    options : tuple of Option
        Of a choice.
    blanks : tuple of Blank
        Of a numeric question (one, named ``answer``) or a matrix.
    slips : tuple of Slip
        Of a numeric question.
    order : tuple of str
        The steps of an ordering, in the right order.
    pairs : tuple of (str, str)
        Of a matching: what is given, and what belongs to it.
    accepted : tuple of str
        Of a short text: the answers that are right.
    spot : Spot, optional
        Of a hotspot.
    rubric : tuple of Criterion
        Of an essay.
    samples : dict of str
        Of an essay: answers at the levels ``strong``, ``middle`` and ``weak``.
    feedback : str
        What to say to everybody afterwards, Markdown.
    pictures : dict of bytes
        The images that the texts name, by file name.
    """

    id: str
    seed: int
    language: Language
    kind: Kind
    points: float
    title: str
    stem: str
    options: tuple[Option, ...] = ()
    blanks: tuple[Blank, ...] = ()
    slips: tuple[Slip, ...] = ()
    order: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    accepted: tuple[str, ...] = ()
    spot: Spot | None = None
    rubric: tuple[Criterion, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)
    feedback: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def right(self) -> frozenset[str]:
        """The ids of the right options."""
        return frozenset(option.id for option in self.options if option.right)

    def shuffled(self, seed: int) -> Item:
        """Return the same question with its options in another order.

        Parameters
        ----------
        seed : int
            Of the order; together with the id it always gives the same one.
        """
        options = list(self.options)
        random.Random(f"{self.id}/{seed}").shuffle(options)  # noqa: S311  # an order, not a secret
        return replace(self, options=tuple(options))
