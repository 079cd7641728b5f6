"""What a decision does to groups of people: error rates, calibration, and thresholds by group."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from scipy import stats

from clinic.plot import COLOURS

__all__ = [
    "RATES",
    "balancing_weights",
    "calibration",
    "plot_calibration",
    "plot_rates",
    "rates",
    "threshold_for",
    "thresholds_for_invited",
    "wilson",
]

RATES = ("prevalence", "invited", "missed (FNR)", "false alarms (FPR)", "PPV")
_MARKERS = ("o", "s", "^", "D")


def wilson(count: int, number: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share.

    Parameters
    ----------
    count : int
        How many have the property.
    number : int
        Of how many; if 0, both ends are NaN.
    """
    if number == 0:
        return float("nan"), float("nan")
    interval = stats.binomtest(count, number).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def rates(truth: ArrayLike, decision: ArrayLike, group: ArrayLike) -> pd.DataFrame:
    """Compute what a decision does in each group, each share with its 95 % Wilson interval.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 for those to be found.
    decision : array_like of bool or int, shape (n,)
        1 for those who are invited.
    group : array_like, shape (n,)
        The name of each person's group.

    Returns
    -------
    pandas.DataFrame
        One row a rate of :data:`RATES` and a group, groups in the order of their names; columns "count", "of", "low", "value" and "high".
    """
    ill, called, member = np.asarray(truth) == 1, np.asarray(decision) == 1, np.asarray(group)
    everybody = np.ones(len(ill), dtype=bool)
    parts = {
        "prevalence": (ill, everybody),
        "invited": (called, everybody),
        "missed (FNR)": (~called, ill),
        "false alarms (FPR)": (called, ~ill),
        "PPV": (ill, called),
    }
    rows = {}
    for name, (counted, among) in parts.items():
        for one in np.unique(member):
            these = among & (member == one)
            count, number = int((counted & these).sum()), int(these.sum())
            low, high = wilson(count, number)
            value = count / number if number else float("nan")
            rows[(name, str(one))] = {"count": count, "of": number, "low": low, "value": value, "high": high}
    table = pd.DataFrame.from_dict(rows, orient="index").astype({"count": "int64", "of": "int64"})
    table.index = pd.MultiIndex.from_tuples(list(rows), names=["rate", "group"])
    return table


def threshold_for(truth: ArrayLike, score: ArrayLike, sensitivity: float) -> float:
    """Return the highest of the scores that finds a required share of those to be found, if it and all above are called.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 for those to be found; there is at least one.
    score : array_like of float, shape (n,)
        Higher means more at risk.
    sensitivity : float
        Above 0 and at most 1.
    """
    found = np.sort(np.asarray(score, dtype=float)[np.asarray(truth) == 1])[::-1]
    return float(found[int(np.ceil(sensitivity * len(found) - 1e-9)) - 1])


def thresholds_for_invited(
    truth: ArrayLike, score: ArrayLike, group: ArrayLike, invited: int
) -> tuple[dict[str, float], float]:
    """Choose a threshold for each group so that all find the same share, with about as many people invited as given.

    Parameters
    ----------
    truth, score, group : array_like, shape (n,)
        As in :func:`threshold_for` and :func:`rates`; each group holds somebody to be found.
    invited : int
        How many people may be invited at most.

    Returns
    -------
    thresholds : dict of str to float
        By the name of the group.
    sensitivity : float
        The highest share, in steps of 0.01, that every group can reach without more invitations.

    Raises
    ------
    ValueError
        If not even a share of 0.01 can be reached.
    """
    ill, risk, member = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    for percent in range(100, 0, -1):
        chosen = {
            str(one): threshold_for(ill[member == one], risk[member == one], percent / 100) for one in pd.unique(member)
        }
        if int((risk >= np.array([chosen[str(one)] for one in member])).sum()) <= invited:
            return chosen, percent / 100
    raise ValueError(f"With {invited} invitations the groups can't all be reached.")


def balancing_weights(truth: ArrayLike, group: ArrayLike) -> np.ndarray:
    """Return weights that make outcome and group independent of each other (reweighing).

    Each person counts by what would be expected if outcome and group had nothing to do with each other, divided by what is
    observed. The weights add up to the number of people.

    Parameters
    ----------
    truth, group : array_like, shape (n,)
        Outcome and group of each person.
    """
    table = pd.DataFrame({"truth": np.asarray(truth), "group": np.asarray(group)})
    number = len(table)
    both = table.groupby(["truth", "group"])["truth"].transform("size")
    expected = table["truth"].map(table["truth"].value_counts()) * table["group"].map(table["group"].value_counts())
    return np.asarray(expected / number / both, dtype=float)


def calibration(truth: ArrayLike, risk: ArrayLike, bins: int) -> pd.DataFrame:
    """Compare predicted and observed risk in classes of equal size.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 or 0.
    risk : array_like of float, shape (n,)
        Predicted probability of 1.
    bins : int
        How many classes, from the lowest risk to the highest.

    Returns
    -------
    pandas.DataFrame
        One row a class: "predicted" (mean risk), "observed" (share), "low" and "high" (95 % Wilson interval), "number".
    """
    outcome, chance = np.asarray(truth), np.asarray(risk, dtype=float)
    rows = []
    for part in np.array_split(np.argsort(chance, kind="stable"), bins):
        count = int(outcome[part].sum())
        low, high = wilson(count, len(part))
        row = {"predicted": chance[part].mean(), "observed": count / len(part), "low": low, "high": high}
        rows.append(row | {"number": len(part)})
    return pd.DataFrame(rows)


def plot_calibration(groups: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw observed against predicted risk, one line a group, with intervals and the diagonal.

    Parameters
    ----------
    groups : mapping of str to pandas.DataFrame
        By the name of the group what :func:`calibration` gives.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(5.4, 5))
    top = max(float(table["high"].max()) for table in groups.values())
    axes.plot([0, top], [0, top], ":", color="0.45", label="perfect agreement")
    for number, (name, table) in enumerate(groups.items()):
        spread = [table["observed"] - table["low"], table["high"] - table["observed"]]
        axes.errorbar(
            table["predicted"],
            table["observed"],
            yerr=spread,
            fmt=_MARKERS[number] + ("-", "--", "-.")[number % 3],
            color=COLOURS[number],
            capsize=3,
            linewidth=1.4,
            label=name,
        )
    axes.set(xlabel="predicted risk", ylabel="observed share", xlim=(0, None), ylim=(0, None))
    axes.legend()
    return figure


def plot_rates(tables: Mapping[str, pd.DataFrame], names: tuple[str, ...] = RATES) -> Figure:
    """Draw rates by group with intervals, one panel a rate, one line a policy and group.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        By the name of the policy what :func:`rates` gives; all have the same groups.
    names : tuple of str
        Which of :data:`RATES` to draw.

    Returns
    -------
    matplotlib.figure.Figure
    """
    first = next(iter(tables.values()))
    members = list(pd.unique(first.index.get_level_values("group")))
    labels = [f"{policy}: {one}" if policy else one for policy in tables for one in members]
    size = (1.5 + 2.0 * len(names), 1.1 + 0.42 * len(labels))
    figure, panels = plt.subplots(1, len(names), figsize=size, sharey=True, squeeze=False)
    for axes, name in zip(panels[0], names, strict=True):
        for row, (policy, one) in enumerate((policy, one) for policy in tables for one in members):
            entry = tables[policy].loc[(name, one)]
            number = members.index(one)
            axes.errorbar(
                entry["value"],
                row,
                xerr=[[entry["value"] - entry["low"]], [entry["high"] - entry["value"]]],
                fmt=_MARKERS[number],
                color=COLOURS[number],
                capsize=4,
            )
        axes.set(title=name, xlim=(-0.02, 1.02))
        axes.grid(axis="x", color="0.88")
    panels[0][0].set_yticks(range(len(labels)), labels)
    panels[0][0].set_ylim(len(labels) - 0.5, -0.5)
    figure.supxlabel("share and 95 % interval", fontsize=11)
    return figure
