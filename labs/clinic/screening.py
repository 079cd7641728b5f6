"""Helpers for the lab on screening: columns known in time, resampling by person, calibration and net benefit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from clinic.plot import COLOURS

__all__ = [
    "CLINICS",
    "Line",
    "calibration_line",
    "calibration_plot",
    "calibration_table",
    "net_benefit",
    "predictors",
    "recalibrated",
    "resample",
    "score_auc",
]

CLINICS = (
    "clinical lab",
    "emergency dept",
    "inpatient ward",
    "oncology day hosp",
    "nicu",
    "laboratory",
    "picu",
    "care ntwk",
    "line clinical lab-",
    "radiation oncology",
    "s  care ntwk",
    "hosp of the university",
    "gol",
)
_CLASSES = {"admit after surgery-ip": "surgery", "admit after surgery-obs": "surgery", "day surgery": "surgery"}
_PAYORS = {"charity care": "other", "medical assistance": "other"}
_GROUPS = {"unidentified": "other adult"}


def predictors(tests: pd.DataFrame) -> pd.DataFrame:
    """Return what was known of a test when the sample was taken.

    Age enters as child or adult only, and the day not at all: the two were altered together when the table was
    anonymised. A payor or class that is missing becomes "not recorded". Clinics with fewer than 100 tests are put
    together as "other", all inpatient wards become one, and rare payors and classes are merged; none of this looks
    at the results.

    Parameters
    ----------
    tests : pandas.DataFrame
        The table of :func:`clinic.load_covid_testing`, or some rows of it.

    Returns
    -------
    pandas.DataFrame
        Columns "adult", "male", "drive-through" and "order set" (0 or 1), and "group", "class", "payor" and
        "clinic" (categories); the index of `tests`.
    """
    ward = tests["clinic_name"].where(~tests["clinic_name"].str.startswith("inpatient ward"), "inpatient ward")
    columns = {
        "adult": (tests["age"] >= 18).astype("int64"),
        "male": (tests["gender"] == "male").astype("int64"),
        "drive-through": tests["drive_thru_ind"],
        "order set": tests["orderset"],
        "group": _category(tests["demo_group"].replace(_GROUPS), ("client", "misc adult", "other adult", "patient")),
        "class": _category(
            tests["patient_class"].fillna("not recorded").replace(_CLASSES),
            (
                "emergency",
                "inpatient",
                "not applicable",
                "not recorded",
                "observation",
                "outpatient",
                "recurring outpatient",
                "surgery",
            ),
        ),
        "payor": _category(
            tests["payor_group"].fillna("not recorded").replace(_PAYORS),
            ("commercial", "government", "not recorded", "other", "self pay", "unassigned"),
        ),
        "clinic": _category(ward.where(ward.isin(CLINICS), "other"), (*CLINICS, "other")),
    }
    return pd.DataFrame(columns)


def resample(person: ArrayLike, resamples: int, seed: int) -> Iterator[NDArray[np.intp]]:
    """Draw persons with replacement, each with all rows.

    Parameters
    ----------
    person : array_like, shape (n,)
        Whose row each is.
    resamples : int
        How many times to draw.
    seed : int
        Seed of the random numbers.

    Yields
    ------
    array of int
        The rows drawn; a person drawn twice gives each row twice.
    """
    _, code = np.unique(np.asarray(person), return_inverse=True)
    order = np.argsort(code, kind="stable")
    sizes = np.bincount(code)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    generator = np.random.default_rng(seed)
    for _ in range(resamples):
        drawn = generator.integers(0, len(sizes), size=len(sizes))
        lengths = sizes[drawn]
        ends = np.cumsum(lengths)
        within = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
        yield order[np.repeat(starts[drawn], lengths) + within]


def score_auc(truth: ArrayLike, score: ArrayLike) -> float:
    """Compute the area under the ROC curve from ranks, quicker than from the curve.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 or 0; both must occur.
    score : array_like of float, shape (n,)
        Higher means more suspect.
    """
    positive, value = np.asarray(truth) == 1, np.asarray(score, dtype=float)
    _, code, counts = np.unique(value, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[code]  # equal scores share their mean rank
    return float((rank[positive].mean() - (positive.sum() + 1) / 2) / (~positive).sum())


@dataclass(frozen=True)
class Line:
    """Calibration of probabilities, on the scale of log odds.

    Parameters
    ----------
    intercept : float
        What must be added to all log odds for the mean to be right; 0 is perfect, below 0 means too high.
    slope : float
        What the log odds must be multiplied by for the spread to be right; 1 is perfect, below 1 means too extreme.
    shift : float
        The intercept of the line that has this slope, for recalibration.
    """

    intercept: float
    slope: float
    shift: float


def calibration_line(truth: ArrayLike, probability: ArrayLike) -> Line:
    """Fit calibration intercept (with slope 1) and calibration slope by maximum likelihood.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 or 0; both must occur.
    probability : array_like of float, shape (n,)
        Predicted probabilities, above 0 and below 1 and not all equal.

    Returns
    -------
    Line
    """
    y, x = np.asarray(truth, dtype=float), np.asarray(logit(np.asarray(probability, dtype=float)))
    (intercept,) = _newton(np.ones((len(x), 1)), y, x)
    shift, slope = _newton(np.column_stack([np.ones_like(x), x]), y, np.zeros_like(x))
    return Line(float(intercept), float(slope), float(shift))


def recalibrated(probability: ArrayLike, line: Line) -> NDArray[np.float64]:
    """Move probabilities along a calibration line that was fitted on other persons.

    Parameters
    ----------
    probability : array_like of float, shape (n,)
        Above 0 and below 1.
    line : Line
        Its shift and slope are used.

    Returns
    -------
    array of float, shape (n,)
    """
    log_odds = logit(np.asarray(probability, dtype=float))
    return np.asarray(expit(line.shift + line.slope * log_odds), dtype=float)


def calibration_table(
    truth: ArrayLike, probability: ArrayLike, person: ArrayLike, *, groups: int, resamples: int, seed: int
) -> pd.DataFrame:
    """Compare predicted and observed shares in groups of about equal size, with intervals by person.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 or 0.
    probability : array_like of float, shape (n,)
        Predicted probability; equal ones fall into one group.
    person : array_like, shape (n,)
        Whose test each is; the bootstrap draws persons.
    groups : int
        How many groups to form; fewer come out where many probabilities are equal.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        One row a group: "tests", "predicted" (mean), "observed" (share), "low" and "high" (95 % percentile interval
        of the observed share).
    """
    y, p = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    edges = np.unique(np.quantile(p, np.linspace(0, 1, groups + 1)[1:-1]))
    group = np.searchsorted(edges, p, side="left")
    count = int(group.max()) + 1

    def shares(rows: NDArray[np.intp]) -> NDArray[np.float64]:
        size = np.bincount(group[rows], minlength=count)
        return np.bincount(group[rows], weights=y[rows], minlength=count) / np.maximum(size, 1)

    drawn = np.array([shares(rows) for rows in resample(person, resamples, seed)])
    size = np.bincount(group, minlength=count)
    table = pd.DataFrame(
        {
            "tests": size,
            "predicted": np.bincount(group, weights=p, minlength=count) / np.maximum(size, 1),
            "observed": shares(np.arange(len(y))),
            "low": np.quantile(drawn, 0.025, axis=0),
            "high": np.quantile(drawn, 0.975, axis=0),
        }
    )
    return table[table["tests"] > 0].reset_index(drop=True)


def calibration_plot(tables: Mapping[str, pd.DataFrame], limits: Sequence[float]) -> Figure:
    """Draw calibration tables beside the diagonal, in one panel for each limit.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        What :func:`calibration_table` gives, by the name of the model; three at most.
    limits : sequence of float
        End of both axes, panel by panel.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = plt.subplots(1, len(limits), figsize=(4.6 * len(limits), 4.4), squeeze=False)
    for axes, limit in zip(panels[0], limits, strict=True):
        axes.plot([0, limit], [0, limit], ":", color="0.45", label="perfect")
        for (name, table), colour, style in zip(tables.items(), COLOURS, ("o-", "s--", "^-."), strict=False):
            error = [table["observed"] - table["low"], table["high"] - table["observed"]]
            shape = {"fmt": style, "color": colour, "capsize": 3, "linewidth": 1.2}
            axes.errorbar(table["predicted"], table["observed"], yerr=np.maximum(error, 0), label=name, **shape)
        axes.set(xlim=(0, limit), ylim=(0, limit), xlabel="predicted probability (mean of the group)")
        axes.locator_params(nbins=5)
    panels[0][0].set(ylabel="observed share of positive tests")
    panels[0][0].legend(loc="upper left")
    return figure


def net_benefit(truth: ArrayLike, probability: ArrayLike, thresholds: ArrayLike) -> NDArray[np.float64]:
    """Compute the net benefit of acting from a threshold probability upwards.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 or 0.
    probability : array_like of float, shape (n,)
        Predicted probability; whoever has at least the threshold is treated.
    thresholds : array_like of float, shape (k,)
        Threshold probabilities, at least 0 and below 1.

    Returns
    -------
    array of float, shape (k,)
        True positives minus weighted false positives, as a share of all; the weight is the odds of the threshold.
    """
    y, p, t = np.asarray(truth) == 1, np.asarray(probability, dtype=float), np.asarray(thresholds, dtype=float)
    found = np.sum(y) - np.searchsorted(np.sort(p[y]), t, side="left")
    alarmed = np.sum(~y) - np.searchsorted(np.sort(p[~y]), t, side="left")
    return np.asarray((found - alarmed * t / (1 - t)) / len(y), dtype=float)


def _category(column: pd.Series, levels: tuple[str, ...]) -> pd.Series:
    return column.astype(pd.CategoricalDtype(list(levels)))


def _newton(x: NDArray[np.float64], y: NDArray[np.float64], offset: NDArray[np.float64]) -> NDArray[np.float64]:
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = expit(offset + x @ beta)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (y - p))
        beta = beta + step
        if np.max(np.abs(step)) < 1e-10:
            break
    return beta
