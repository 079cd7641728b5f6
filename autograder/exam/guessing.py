"""What blind guessing earns, and how often it passes: to be known before an exam is approved.

A guesser knows how many options to tick and nothing else. Where a number or a text is asked for she earns nothing.
All results are exact: the points of independent questions are added by convolving their distributions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations, permutations
from math import ceil, comb, pi

from autograder.exam.item import Item
from autograder.exam.score import Response, share

#: Above this chance of passing by guessing an exam is not to be approved without a word.
TOO_EASY = 0.05

Chances = dict[Fraction, Fraction]


@dataclass(frozen=True)
class Scheme:
    """A scheme of points for ticking some of several options, as an exam may prescribe it.

    Parameters
    ----------
    options : int
        How many there are.
    ticked : int
        How many are to be ticked; as many are right.
    points : tuple of float
        What 0, 1, 2 … right ticks earn.
    """

    options: int
    ticked: int
    points: tuple[float, ...]

    @property
    def words(self) -> str:
        """The scheme in a sentence."""
        earned = ", ".join(f"{points:g} for {right} right" for right, points in enumerate(self.points))
        return f"Tick {self.ticked} of {self.options} options; points: {earned}."

    def chances(self) -> Chances:
        """Return how likely each number of points is for a guesser: a hypergeometric distribution."""
        found: Chances = {}
        ways = comb(self.options, self.ticked)
        for right, points in enumerate(self.points):
            hits = comb(self.ticked, right) * comb(self.options - self.ticked, self.ticked - right)
            found[Fraction(points)] = found.get(Fraction(points), Fraction(0)) + Fraction(hits, ways)
        return found


@dataclass(frozen=True)
class Guess:
    """What an exam gives to somebody who knows nothing.

    Parameters
    ----------
    expected : float
        Points on average.
    total : float
        Points in all.
    needed : float
        Points to pass.
    passing : float
        Chance to reach them.
    """

    expected: float
    total: float
    needed: float
    passing: float

    @property
    def sentence(self) -> str:
        """The result in words, with a warning where one is due."""
        said = (
            f"Blind guessing earns {self.expected:.1f} of {self.total:g} points on average and reaches the pass mark "
            f"of {self.needed:g} points with probability {self.passing:.2g}."
        )
        warning = f" That is more than {TOO_EASY:g}: raise the pass mark or change the scheme."
        return said + warning if self.easy else said

    @property
    def easy(self) -> bool:
        """Whether guessing passes too often."""
        return self.passing > TOO_EASY


def guess(parts: Sequence[Item | Scheme], needed: float, others: float = 0.0) -> Guess:
    """Return what guessing earns in an exam.

    Parameters
    ----------
    parts : sequence of Item or Scheme
        Its questions; an essay earns a guesser nothing.
    needed : float
        The pass mark, in points.
    others : float
        Points of the exam that guessing can't reach and that are not among the parts.
    """
    each = [part.chances() if isinstance(part, Scheme) else chances(part) for part in parts]
    together = total(each)
    expected = sum(points * chance for points, chance in together.items())
    passing = sum((chance for points, chance in together.items() if points >= Fraction(needed)), Fraction(0))
    whole = sum(max(part.points) if isinstance(part, Scheme) else part.points for part in parts)
    return Guess(float(expected), whole + others, needed, float(passing))


def chances(item: Item) -> Chances:
    """Return how likely each number of points is for somebody who guesses one question.

    Parameters
    ----------
    item : Item
        Of any kind.
    """
    shares = Counter(Fraction(share(item, response)).limit_denominator(10_000) for response in _guesses(item))
    if item.kind == "hotspot" and item.spot is not None:
        area = min(1.0, pi * item.spot.radius**2 / (item.spot.width * item.spot.height))
        hit = Fraction(ceil(area * 10_000), 10_000)
        return _scaled({Fraction(1): hit, Fraction(0): 1 - hit}, item)
    if not shares:
        return {Fraction(0): Fraction(1)}
    ways = sum(shares.values())
    return _scaled({part: Fraction(count, ways) for part, count in shares.items()}, item)


def total(each: Iterable[Chances]) -> Chances:
    """Return the distribution of the sum of independent questions."""
    return reduce(_added, each, {Fraction(0): Fraction(1)})


def _guesses(item: Item) -> Iterable[Response]:
    """Return all equally likely guesses; none where there is no guessing."""
    ids = [option.id for option in item.options]
    if item.kind in ("single", "multiple"):
        return list(combinations(ids, len(item.right)))
    if item.kind == "ordering":
        return list(permutations(item.order)) if len(item.order) <= 7 else []
    if item.kind == "matching":
        given, others = zip(*item.pairs, strict=True)
        return [dict(zip(given, order, strict=True)) for order in permutations(others)] if len(given) <= 7 else []
    return []


def _scaled(shares: Chances, item: Item) -> Chances:
    points = Fraction(item.points).limit_denominator(10_000)
    return {part * points: chance for part, chance in shares.items() if chance}


def _added(one: Chances, other: Chances) -> Chances:
    found: dict[Fraction, Fraction] = {}
    for a, chance in one.items():
        for b, with_chance in other.items():
            found[a + b] = found.get(a + b, Fraction(0)) + chance * with_chance
    return found
