"""The checks that a lab's tests are written with.

A check passes in silence or raises :class:`CheckError`, whose message says what was expected, what came
instead and, where the author gave a hint, what to think about. Plain ``assert`` works beside them.

A test cell that gives partial credit collects its checks in :class:`Marks`:

>>> marks = Marks()
>>> with marks.part(1, "a worked example"):
...     equal(2 + 2, 4)
>>> with marks.part(2, "an empty list"):
...     equal(sum([1]), 0, hint="what is the sum of nothing?")
Not yet: an empty list (2 points)
  Expected 0, got 1. Hint: what is the sum of nothing?
>>> marks.total()
1.0
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

__all__ = ["CheckError", "Marks", "array", "close", "equal", "frame", "plot", "raises", "that", "within"]


class CheckError(AssertionError):
    """A check that did not hold. Its message is written for the student."""


def _fail(message: str, hint: str) -> None:
    raise CheckError(f"{message} Hint: {hint}" if hint else message)


def _show(value: object) -> str:
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 200 else text[:197] + "..."


def that(condition: object, message: str, hint: str = "") -> None:
    """Check that a condition holds.

    Parameters
    ----------
    condition : object
        Anything with a truth value.
    message : str
        A sentence that says what should have been the case.
    hint : str, optional
        What to think about.

    Raises
    ------
    CheckError
        If `condition` is false.
    """
    if not condition:
        _fail(message, hint)


def equal(actual: object, expected: object, hint: str = "") -> None:
    """Check that two plain values (numbers, text, containers of them) are equal.

    Raises
    ------
    CheckError
        If they are not, or if comparing them gives no single truth value (use :func:`array` for arrays).
    """
    try:
        same = bool(actual == expected)
    except (TypeError, ValueError):
        same = False
    if not same:
        _fail(f"Expected {_show(expected)}, got {_show(actual)}.", hint)


def close(actual: object, expected: float, *, rtol: float = 1e-6, atol: float = 1e-9, hint: str = "") -> None:
    """Check that a number is within tolerance of another: ``|actual - expected| <= atol + rtol * |expected|``.

    Parameters
    ----------
    actual : object
        What the student's code gave; anything but one real number fails with a message.
    expected : float
        The right value; NaN matches NaN.
    rtol, atol : float
        Relative and absolute tolerance, at least 0.
    hint : str, optional
        What to think about.

    Raises
    ------
    CheckError
        If `actual` is not one number, or is not within tolerance.
    """
    number = np.asarray(actual) if actual is not None else np.asarray("None")
    if number.size != 1 or not (np.issubdtype(number.dtype, np.number) or number.dtype == bool):
        _fail(f"Expected one number, {expected:g}, got {_show(actual)} ({type(actual).__name__}).", hint)
    if not np.isclose(number.item(), expected, rtol=rtol, atol=atol, equal_nan=True):
        _fail(f"Expected {expected:.6g}, got {number.item():.6g}.", hint)


def array(actual: object, expected: ArrayLike, *, rtol: float = 1e-6, atol: float = 1e-9, hint: str = "") -> None:
    """Check that an array has the expected shape and values (numbers within tolerance, all else exactly).

    Raises
    ------
    CheckError
        If shapes or values differ; the message gives the first place where they do.
    """
    got, want = np.asarray(actual), np.asarray(expected)
    if got.shape != want.shape:
        _fail(f"Expected an array of shape {want.shape}, got shape {got.shape}.", hint)
    numeric = all(np.issubdtype(a.dtype, np.number) or a.dtype == bool for a in (got, want))
    same = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True) if numeric else got == want
    if not np.all(same):
        where = tuple(int(i) for i in np.argwhere(~np.asarray(same))[0])
        _fail(f"At index {where}: expected {_show(want[where])}, got {_show(got[where])}.", hint)


def within(actual: object, low: float, high: float, hint: str = "") -> None:
    """Check that a number lies in an interval, such as a confidence interval, ends included.

    Parameters
    ----------
    actual : object
        What the student's code gave; anything but one real number fails with a message.
    low, high : float
        The ends, `low` at most `high`.
    hint : str, optional
        What to think about.

    Raises
    ------
    CheckError
        If `actual` is not one number, or lies outside.
    """
    number = np.asarray(actual) if actual is not None else np.asarray("None")
    if number.size != 1 or not np.issubdtype(number.dtype, np.number):
        _fail(f"Expected one number, got {_show(actual)} ({type(actual).__name__}).", hint)
    if not low <= number.item() <= high:
        _fail(f"Expected a number from {low:.6g} to {high:.6g}, got {number.item():.6g}.", hint)


def frame(actual: object, expected: pd.DataFrame, *, rtol: float = 1e-6, atol: float = 1e-9, hint: str = "") -> None:
    """Check that a table has the expected columns, in any order, and the expected rows, in this order.

    Numbers are compared within tolerance, all else exactly; a missing value matches a missing value. The index does
    not count.

    Raises
    ------
    CheckError
        If it is no table, or differs; the message names the column and the row, counted from 0.
    """
    if not isinstance(actual, pd.DataFrame):
        _fail(f"Expected a table (DataFrame), got {_show(actual)} ({type(actual).__name__}).", hint)
        return
    missing, more = (
        [str(name) for name in one.columns if name not in other.columns]
        for one, other in ((expected, actual), (actual, expected))
    )
    if missing or more:
        said = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"not expected: {', '.join(more)}"] * bool(more)
        _fail(f"The columns differ; {'; '.join(said)}.", hint)
    if len(actual) != len(expected):
        _fail(f"Expected {len(expected)} rows, got {len(actual)}.", hint)
    for name in expected.columns:
        got, want = actual[name].to_numpy(), expected[name].to_numpy()
        numeric = all(np.issubdtype(column.dtype, np.number) for column in (got, want))
        same = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True) if numeric else got == want
        same = np.asarray(same, bool) | (pd.isna(got) & pd.isna(want))
        if not same.all():
            row = int(np.flatnonzero(~same)[0])
            wanted, given = ("a missing value" if pd.isna(cell) else _show(cell) for cell in (want[row], got[row]))
            _fail(f"Column '{name}', row {row}: expected {wanted}, got {given}.", hint)


def plot(
    drawn: Any,
    *,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    lines: int | None = None,
    bars: int | None = None,
    legend: bool = False,
    hint: str = "",
) -> None:
    """Check what a plot shows.

    Parameters
    ----------
    drawn : Axes or Figure
        Matplotlib's, or a stand-in for one; of a figure the first axes count.
    xlabel, ylabel, title : str
        Words that must stand there, in any case; any text will do by default.
    lines, bars : int, optional
        How many there must be.
    legend : bool
        Whether there must be a legend.
    hint : str, optional
        What to think about.

    Raises
    ------
    CheckError
        If something is missing.
    """
    try:
        axes = drawn.axes
        axes = axes[0] if isinstance(axes, list) else axes
        texts = {"x axis": axes.get_xlabel(), "y axis": axes.get_ylabel(), "title": axes.get_title()}
    except (AttributeError, IndexError):
        _fail(f"Expected a plot, got {_show(drawn)}.", hint)
        return
    for (place, text), words in zip(texts.items(), (xlabel, ylabel, title), strict=True):
        if words and words.casefold() not in str(text).casefold():
            _fail(f"The {place} should say '{words}', it says '{text}'.", hint)
    for what, wanted, artists in (("lines", lines, axes.get_lines), ("bars", bars, lambda: axes.patches)):
        if wanted is not None and len(artists()) != wanted:
            _fail(f"Expected {wanted} {what}, got {len(artists())}.", hint)
    if legend and axes.get_legend() is None:
        _fail("There is no legend.", hint)


def raises(
    exception: type[BaseException] | tuple[type[BaseException], ...],
    function: Callable[..., Any],
    *args: Any,
    hint: str = "",
    **kwargs: Any,
) -> None:
    """Check that calling a function raises the exception that it should.

    Raises
    ------
    CheckError
        If the call returns, or raises another exception.
    """
    names = " or ".join(e.__name__ for e in (exception if isinstance(exception, tuple) else (exception,)))
    try:
        result = function(*args, **kwargs)
    except exception:
        return
    except Exception as error:  # noqa: BLE001  # whatever the student's code raises is the answer
        _fail(f"Expected {names}, got {type(error).__name__}: {error}.", hint)
    else:
        _fail(f"Expected {names}, but the call returned {_show(result)}.", hint)


@dataclass(frozen=True)
class Result:
    """What became of one part of a test.

    Parameters
    ----------
    topic : str
        What the part is about.
    points : float
        What it is worth.
    message : str
        What went wrong; empty if it passed.
    line : int
        The line of the test cell where the part begins, from 1.
    """

    topic: str
    points: float
    message: str
    line: int


class Marks:
    """Points earned part by part in one test cell.

    Each part counts on its own, so that a wrong answer to one leaves the others. The last line of the test
    cell is ``marks.total()``, which nbgrader reads as the score of the cell.

    Attributes
    ----------
    results : list of Result
        What became of each part, in order.
    """

    def __init__(self) -> None:
        self.results: list[Result] = []

    @contextmanager
    def part(self, points: float, topic: str) -> Iterator[None]:
        """Give `points` if the checks inside hold, else print what went wrong and go on.

        Parameters
        ----------
        points : float
            What the part is worth, more than 0. The parts of a cell add up to the points of the cell.
        topic : str
            What the part is about, in words that may be shown to the student.
        """
        line = sys._getframe(2).f_lineno  # of the ``with`` statement, behind the context manager's own frame
        message = ""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # whatever the student's code raises, the next part goes on
            name = "" if isinstance(error, CheckError) else f"{type(error).__name__}: "
            message = f"{name}{error}" or type(error).__name__
            print(f"Not yet: {topic} ({points:g} point{'' if points == 1 else 's'})")
            print(f"  {message}")
        self.results.append(Result(topic, points, message, line))

    def total(self) -> float | None:
        """Return the points earned, or None if every part passed, which nbgrader reads as full points."""
        if not any(result.message for result in self.results):
            return None
        return float(sum(result.points for result in self.results if not result.message))
