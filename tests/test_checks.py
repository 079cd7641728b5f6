"""The checks that tests of labs are written with: what passes, and what a student is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from autograder import checks
from autograder.checks import CheckError, Marks

mpl.use("Agg")
TABLE = pd.DataFrame({"age": [60, 71], "name": ["Kari", None], "score": [0.1, np.nan]})


def axes(**more: object) -> object:
    drawn = Figure().subplots()
    drawn.set(xlabel="Age in years", ylabel="Share", title="Survival")
    drawn.plot([1, 2], label="women")
    drawn.bar([1, 2, 3], [1, 2, 3])
    if more:
        drawn.legend()
    return drawn


@pytest.mark.parametrize(
    "check",
    [
        lambda: checks.within(0.8, 0.7, 0.9),
        lambda: checks.within(np.float64(0.7), 0.7, 0.9),
        lambda: checks.frame(TABLE[["score", "name", "age"]], TABLE),
        lambda: checks.frame(TABLE.set_axis([5, 6]), TABLE),
        lambda: checks.frame(TABLE.assign(score=[0.1 + 1e-9, np.nan]), TABLE),
        lambda: checks.plot(axes(), xlabel="age", ylabel="share", title="survival", lines=1, bars=3),
        lambda: checks.plot(axes(legend=True), legend=True),
        lambda: checks.plot(axes().figure, xlabel="years"),  # type: ignore[attr-defined]
    ],
)
def test_what_is_right_passes_in_silence(check: Callable[[], None]) -> None:
    check()


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (lambda: checks.within(0.65, 0.7, 0.9), "Expected a number from 0.7 to 0.9, got 0.65."),
        (lambda: checks.within("0.8", 0.7, 0.9), "Expected one number, got '0.8' (str)."),
        (lambda: checks.within(None, 0.7, 0.9), "Expected one number, got None (NoneType)."),
        (lambda: checks.within(float("nan"), 0.7, 0.9), "got nan"),
        (lambda: checks.within([0.8, 0.8], 0.7, 0.9, hint="the mean?"), "Hint: the mean?"),
        (lambda: checks.frame([1], TABLE), "Expected a table (DataFrame), got [1] (list)."),
        (lambda: checks.frame(TABLE.drop(columns="age"), TABLE), "The columns differ; missing: age."),
        (lambda: checks.frame(TABLE.assign(x=1), TABLE), "The columns differ; not expected: x."),
        (lambda: checks.frame(TABLE.iloc[:1], TABLE), "Expected 2 rows, got 1."),
        (lambda: checks.frame(TABLE.iloc[::-1], TABLE), "Column 'age', row 0: expected "),
        (
            lambda: checks.frame(TABLE.assign(name=["Kari", "Ola"]), TABLE),
            "Column 'name', row 1: expected a missing value, got 'Ola'",
        ),
        (
            lambda: checks.frame(TABLE.assign(score=[0.1, 0.2]), TABLE),
            "Column 'score', row 1: expected a missing value",
        ),
        (lambda: checks.plot(3), "Expected a plot, got 3."),
        (lambda: checks.plot(Figure()), "Expected a plot, got"),
        (lambda: checks.plot(axes(), xlabel="weight"), "The x axis should say 'weight', it says 'Age in years'."),
        (lambda: checks.plot(axes(), lines=2), "Expected 2 lines, got 1."),
        (lambda: checks.plot(axes(), bars=2), "Expected 2 bars, got 3."),
        (lambda: checks.plot(axes(), legend=True), "There is no legend."),
    ],
)
def test_what_is_wrong_is_said(check: Callable[[], None], said: str) -> None:
    with pytest.raises(CheckError, match=re.escape(said)):
        check()


def test_marks_keep_what_became_of_each_part() -> None:
    marks = Marks()
    with marks.part(1, "sums"):
        checks.equal(2 + 2, 4)
    with marks.part(2, "differences"):
        checks.equal(2 - 2, 1)
    assert [(one.topic, one.points, one.message) for one in marks.results] == [
        ("sums", 1, ""),
        ("differences", 2, "Expected 1, got 0."),
    ]
    assert marks.results[1].line == marks.results[0].line + 2
    assert marks.total() == 1
