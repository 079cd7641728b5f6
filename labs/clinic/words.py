"""Word vectors, and a test of what they associate with what (WEAT).

>>> from clinic import words
>>> vectors = words.load_vectors()
>>> vectors.rows(["doctor", "nurse"]).shape
(2, 300)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from clinic.card import load_card

__all__ = [
    "QUESTIONS",
    "Question",
    "Result",
    "Vectors",
    "associations",
    "cosines",
    "load_vectors",
    "permutation_p",
    "weat",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Vectors:
    """Words with their vectors.

    Parameters
    ----------
    words : tuple of str
        The words; case matters.
    matrix : array, shape (words, dimensions)
        One row a word.
    """

    words: tuple[str, ...]
    matrix: Array

    def __str__(self) -> str:
        """Say in one sentence what they are."""
        counts = f"{len(self.words)} words with {self.matrix.shape[1]} numbers each"
        return f"{load_card('word-vectors').title}: {counts}; learned from real news text, not simulated."

    def rows(self, words: Sequence[str]) -> Array:
        """Return the vectors of some words, one a row.

        Raises
        ------
        KeyError
            If a word has no vector.
        """
        place = {word: row for row, word in enumerate(self.words)}
        return self.matrix[[place[word] for word in words]]

    def nearest(self, vector: ArrayLike, leave_out: Sequence[str] = ()) -> pd.Series:
        """Return the cosine similarity of each word to a vector, the most similar first."""
        similarity = pd.Series(cosines(np.atleast_2d(vector), self.matrix)[0], index=list(self.words))
        return similarity.drop(list(leave_out)).sort_values(ascending=False, kind="stable")


def load_vectors() -> Vectors:
    """Load the word vectors that come with the course."""
    table = pd.read_csv(
        files("clinic").joinpath("tables", "word-vectors.csv").open(encoding="utf-8"), index_col="word", na_filter=False
    )
    return Vectors(tuple(table.index), table.to_numpy(dtype=np.float64))


def cosines(first: ArrayLike, second: ArrayLike) -> Array:
    """Compute the cosine similarity of each row of one table with each row of another.

    Parameters
    ----------
    first, second : array_like, shapes (n, d) and (m, d)
        Vectors, none of them all zeros.

    Returns
    -------
    array, shape (n, m)
    """
    one, other = (np.asarray(rows, dtype=np.float64) for rows in (first, second))
    product: Array = one @ other.T
    return product / np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1))


def associations(targets: ArrayLike, first: ArrayLike, second: ArrayLike) -> Array:
    """Compute how much nearer each target word lies to one set of attribute words than to another.

    Parameters
    ----------
    targets, first, second : array_like, shapes (n, d), (a, d), (b, d)
        Vectors of the words.

    Returns
    -------
    array, shape (n,)
        Mean cosine similarity to `first` minus mean cosine similarity to `second`.
    """
    difference: Array = cosines(targets, first).mean(axis=1) - cosines(targets, second).mean(axis=1)
    return difference


def permutation_p(first: ArrayLike, second: ArrayLike, *, most: int = 20_000, seed: int = 219) -> float:
    """Compute the one-sided p-value of a permutation test for a difference of means.

    Parameters
    ----------
    first, second : array_like, shapes (n,) and (m,)
        One number a word; the question is whether those of `first` are larger.
    most : int
        All splits into groups of n and m are tried if there are at most so many, else so many random ones.
    seed : int
        Seed of the random splits.

    Returns
    -------
    float
        Share of the splits, the observed one among them, with a sum at least as large as the observed one.
    """
    pooled = np.concatenate([np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)])
    size = len(np.asarray(first))
    observed = pooled[:size].sum() - 1e-12  # so that equal sums count as equal
    if comb(len(pooled), size) <= most:
        sums = np.array([pooled[list(chosen)].sum() for chosen in combinations(range(len(pooled)), size)])
        return float(np.mean(sums >= observed))
    rng = np.random.default_rng(seed)
    sums = rng.permuted(np.tile(pooled, (most, 1)), axis=1)[:, :size].sum(axis=1)
    return float((1 + np.sum(sums >= observed)) / (1 + most))


@dataclass(frozen=True)
class Question:
    """The word lists of one test.

    Parameters
    ----------
    asked : str
        What it asks, in a few words.
    targets, attributes : tuple of two tuples of str
        The two sets of target words and the two sets of attribute words.
    source : str
        Where the lists come from.
    """

    asked: str
    targets: tuple[tuple[str, ...], tuple[str, ...]]
    attributes: tuple[tuple[str, ...], tuple[str, ...]]
    source: str


@dataclass(frozen=True, eq=False)
class Result:
    """What a test found.

    Parameters
    ----------
    first, second : array
        Association of each target word of the two sets.
    effect : float
        Difference of their means in standard deviations of all target words; from -2 to 2 for sets of equal size.
    p : float
        One-sided p-value of the permutation test.
    """

    first: Array
    second: Array
    effect: float
    p: float


def weat(targets: Sequence[ArrayLike], attributes: Sequence[ArrayLike]) -> Result:
    """Run the word embedding association test.

    Parameters
    ----------
    targets, attributes : two arrays each
        Vectors of the two sets of target words and of the two sets of attribute words, one word a row.

    Returns
    -------
    Result
    """
    first, second = (associations(one, attributes[0], attributes[1]) for one in targets)
    effect = (first.mean() - second.mean()) / np.concatenate([first, second]).std()
    return Result(first, second, float(effect), permutation_p(first, second))


_MALE = ("male", "man", "boy", "brother", "he", "him", "his", "son")
_FEMALE = ("female", "woman", "girl", "sister", "she", "her", "hers", "daughter")
_PLEASANT = ("joy", "love", "peace", "wonderful", "pleasure", "friend", "laughter", "happy")
_UNPLEASANT = ("agony", "terrible", "horrible", "nasty", "evil", "war", "awful", "failure")
_EUROPEAN = (
    "Brad", "Brendan", "Geoffrey", "Greg", "Brett", "Matthew", "Neil", "Todd", "Allison", "Anne", "Carrie",
    "Emily", "Jill", "Laurie", "Meredith", "Sarah",
)  # fmt: skip
_AFRICAN = (
    "Darnell", "Hakim", "Jermaine", "Kareem", "Jamal", "Leroy", "Rasheed", "Tyrone", "Aisha", "Ebony",
    "Keisha", "Kenya", "Lakisha", "Latoya", "Tamika", "Tanisha",
)  # fmt: skip
_PLEASANT_LONG = (
    "freedom", "health", "love", "peace", "cheer", "friend", "heaven", "loyal", "pleasure", "diamond",
    "gentle", "honest", "lucky", "rainbow", "diploma", "gift", "honor", "miracle", "sunrise", "family",
    "happy", "laughter", "paradise", "vacation",
)  # fmt: skip
_UNPLEASANT_LONG = (
    "abuse", "crash", "filth", "murder", "sickness", "accident", "death", "grief", "poison", "stink",
    "assault", "disaster", "hatred", "pollute", "tragedy", "bomb", "divorce", "jail", "poverty", "ugly",
    "cancer", "evil", "kill", "rotten", "vomit",
)  # fmt: skip
_PUBLISHED = "lists of Caliskan et al."
#: The questions of the lab. Words of the published lists that have no vector here are left out.
QUESTIONS = {
    "science and arts": Question(
        "science or the arts, nearer to male or female words?",
        (
            ("science", "technology", "physics", "chemistry", "experiment", "astronomy"),
            ("poetry", "art", "dance", "literature", "novel", "symphony"),
        ),
        (
            ("brother", "father", "uncle", "grandfather", "son", "he", "his", "him"),
            ("sister", "mother", "aunt", "grandmother", "daughter", "she", "hers", "her"),
        ),
        _PUBLISHED,
    ),
    "doctors and other health workers": Question(
        "doctors or other health workers, nearer to male or female words?",
        (
            ("doctor", "physician", "surgeon", "cardiologist", "neurosurgeon", "radiologist", "oncologist",
             "psychiatrist"),
            ("nurse", "midwife", "caregiver", "nutritionist", "receptionist", "therapist", "pharmacist", "paramedic"),
        ),
        (_MALE, _FEMALE),
        "targets chosen for this course, attributes of Caliskan et al.",
    ),
    "names and career": Question(
        "men's or women's names, nearer to career or family?",
        (_EUROPEAN[:8], _EUROPEAN[8:]),
        (
            ("executive", "management", "professional", "corporation", "salary", "office", "business", "career"),
            ("home", "parents", "children", "family", "cousins", "marriage", "wedding", "relatives"),
        ),
        "both from the lists of Caliskan et al., not combined there",
    ),
    "names and pleasantness, long lists": Question(
        "European or African American names, nearer to pleasant or unpleasant words?",
        (_EUROPEAN, _AFRICAN),
        (_PLEASANT_LONG, _UNPLEASANT_LONG),
        _PUBLISHED,
    ),
    "names and pleasantness, short lists": Question(
        "the same names, with the shorter list of pleasant and unpleasant words",
        (_EUROPEAN, _AFRICAN),
        (_PLEASANT, _UNPLEASANT),
        _PUBLISHED,
    ),
    "mental and physical illness": Question(
        "mental or physical illness, nearer to passing or lasting?",
        (
            ("sad", "hopeless", "gloomy", "tearful", "miserable", "depressed"),
            ("sick", "illness", "influenza", "disease", "virus", "cancer"),
        ),
        (
            ("unstable", "variable", "fleeting", "brief", "occasional"),
            ("stable", "always", "constant", "persistent", "chronic", "prolonged", "forever"),
        ),
        _PUBLISHED,
    ),
}  # fmt: skip
