"""Time until death or discharge: the smokers' follow-up, worked examples and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from clinic.data import Dataset
from clinic.plot import COLOURS

__all__ = [
    "AFTER",
    "FIRST_VISIT",
    "SECOND_VISIT",
    "codebook",
    "cumulative_incidence",
    "curves",
    "follow_up",
    "open_gaps",
    "simulate_programme",
]

FIRST_VISIT, SECOND_VISIT, AFTER = "1971 to 1975", "1982 to 1984", "after 1982"
_NOT_KNOWN = {"hbp": 2, "diabetes": 2}
_DASHES = ("-", "--", "-.", ":")
_CODEBOOK = {
    FIRST_VISIT: {
        "age": "age in years",
        "sex": "0 male, 1 female",
        "race": "0 white, 1 black or other",
        "school": "highest grade of school reached",
        "income": "family income in classes, 11 (lowest) to 22 (highest)",
        "smokeintensity": "cigarettes a day",
        "smokeyrs": "years of smoking",
        "wt71": "weight in kg",
        "ht": "height in cm",
        "cholesterol": "cholesterol in serum, mg/dl",
        "hbp": "told to have high blood pressure: 1 yes, 0 no, 2 not known",
        "diabetes": "told to have diabetes: 1 yes, 0 no, 2 not known",
        "asthma": "told to have asthma: 1 yes, 0 no",
        "bronch": "told to have chronic bronchitis or emphysema: 1 yes, 0 no",
        "hf": "told to have heart failure: 1 yes, 0 no",
        "tumor": "told to have a malignant tumour: 1 yes, 0 no",
        "chroniccough": "told to have a chronic cough: 1 yes, 0 no",
        "exercise": "exercise in free time: 0 much, 1 moderate, 2 little or none",
        "active": "activity on a usual day: 0 high, 1 moderate, 2 low",
    },
    SECOND_VISIT: {
        "qsmk": "stopped smoking between the visits: 1 yes, 0 no",
        "sbp": "systolic blood pressure, mmHg",
        "dbp": "diastolic blood pressure, mmHg",
        "wt82": "weight in kg",
        "wt82_71": "change of weight since the first visit, kg",
        "smkintensity82_71": "change in cigarettes a day since the first visit",
    },
    AFTER: {
        "yrdth": "year of death, two digits; missing for the survivors",
        "modth": "month of death",
        "dadth": "day of death",
    },
}


def codebook() -> pd.DataFrame:
    """Return the columns that the lab speaks of, what they mean and when they were known.

    Returns
    -------
    pandas.DataFrame
        Columns "known" and "meaning"; the index is the name of the column in the table.
    """
    rows = {
        name: {"known": time, "meaning": meaning} for time, part in _CODEBOOK.items() for name, meaning in part.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("column")


def open_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of the smokers' table in which the code 2, "not known", of two diseases is a gap.

    Read as a number, 2 would be more than "yes".
    """
    return table.assign(**{name: table[name].where(table[name] != code) for name, code in _NOT_KNOWN.items()})


def follow_up(dataset: Dataset) -> pd.DataFrame:
    """Count each adult's months from the beginning of 1983 to death or to the end of 1992.

    Parameters
    ----------
    dataset : Dataset
        What :func:`clinic.load_nhefs` gives.

    Returns
    -------
    pandas.DataFrame
        "months", 1 for a death in January 1983 up to 120, and "died", 1 or 0; whoever is alive at the end has 120 and 0.
    """
    table = dataset.table
    months = (table["yrdth"] - 83) * 12 + table["modth"]
    return pd.DataFrame({"months": months.where(dataset.target == 1, 120).astype("int64"), "died": dataset.target})


def cumulative_incidence(time: ArrayLike, kind: ArrayLike) -> pd.DataFrame:
    """Estimate the cumulative incidence of competing events (Aalen and Johansen).

    Parameters
    ----------
    time : array_like of float, shape (n,)
        When each patient was last observed, above 0.
    kind : array_like of int, shape (n,)
        What happened then: 0 if nothing did (censored), else the number of the event, from 1.

    Returns
    -------
    pandas.DataFrame
        One row a time at which something happened, after a row for time 0. Column 0 is the share to whom nothing has
        happened yet, column k the share to whom event k has; each row adds up to 1.

    Notes
    -----
    Who is censored at a time still counts as at risk at that time. Equal times are kept as they are; lifelines'
    ``AalenJohansenFitter`` shifts them at random.
    """
    when, what = np.asarray(time, dtype=float), np.asarray(kind)
    kinds = sorted({int(one) for one in np.unique(what)} - {0})
    free, reached = 1.0, dict.fromkeys(kinds, 0.0)
    rows = {0.0: {0: free, **reached}}
    for moment in np.unique(when[what > 0]):
        at_risk = int((when >= moment).sum())
        happened = {one: int(((when == moment) & (what == one)).sum()) for one in kinds}
        reached = {one: reached[one] + free * happened[one] / at_risk for one in kinds}
        free *= 1 - sum(happened.values()) / at_risk
        rows[float(moment)] = {0: free, **reached}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("time")


def curves(
    lines: Mapping[str, pd.DataFrame],
    *,
    xlabel: str,
    ylabel: str,
    observed: Mapping[str, ArrayLike] | None = None,
    counted_at: Sequence[float] = (),
) -> Figure:
    """Draw step curves over time with their bands, and below them how many are still under observation.

    Parameters
    ----------
    lines : mapping of str to pandas.DataFrame
        By the name of the group a table whose index is the time, with a column "value" and perhaps "low" and "high".
    xlabel, ylabel : str
        What the axes show, with the unit.
    observed : mapping of str to array_like, optional
        By the name of the group each person's last time of observation.
    counted_at : sequence of float
        The times at which those still under observation are counted, if `observed` is given.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(7, 4.4))
    for (name, line), dashes, colour in zip(lines.items(), cycle(_DASHES), cycle(COLOURS), strict=False):
        axes.step(line.index, line["value"], dashes, where="post", color=colour, label=name)
        if {"low", "high"} <= set(line.columns):
            axes.fill_between(line.index, line["low"], line["high"], step="post", color=colour, alpha=0.18, linewidth=0)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.legend()
    if observed:
        _count(axes, observed, counted_at)
    return figure


def _count(axes: Axes, observed: Mapping[str, ArrayLike], times: Sequence[float]) -> None:
    rows = [[str(int((np.asarray(last) >= time).sum())) for time in times] for last in observed.values()]
    low, high = axes.get_xlim()
    text = ["still under observation"] + [f"{name}" for name in observed]
    for row, label in enumerate(text):
        height = -0.24 - 0.075 * row
        axes.text(-0.02, height, label, transform=axes.transAxes, ha="right" if row else "left", fontsize=9)
        for time, number in zip(times, rows[row - 1] if row else [], strict=False):
            axes.text((time - low) / (high - low), height, number, transform=axes.transAxes, ha="center", fontsize=9)


def simulate_programme(number: int, seed: int) -> pd.DataFrame:
    """Simulate patients of whom some join a programme that does nothing.

    Everybody dies at the same rate, 3 % a month, whether in the programme or not. Six in ten are due to join it, at a
    month that is drawn evenly from 1 to 24; who dies before that month never joins. Observation ends after 36 months.

    Parameters
    ----------
    number : int
        How many patients.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        "months" until death or the end, "died" (1 or 0) and "joined", the month of joining, missing for who never did.
    """
    generator = np.random.default_rng(seed)
    death = generator.exponential(1 / 0.03, number).round(2) + 0.01
    due = np.where(generator.random(number) < 0.6, generator.uniform(1, 24, number).round(2), np.inf)
    months = np.minimum(death, 36.0)
    joined = np.where(due < months, due, np.nan)
    index = pd.RangeIndex(1, number + 1, name="patient")
    return pd.DataFrame({"months": months, "died": (death <= 36).astype("int64"), "joined": joined}, index=index)
