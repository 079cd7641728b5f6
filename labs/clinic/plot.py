"""The labs' figures, in one style.

The colours are those of Okabe and Ito, which people with the common kinds of colour blindness can tell apart.
Lines differ in their dashes as well, so that no figure needs colour to be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from sklearn.metrics import confusion_matrix, precision_recall_curve, roc_curve

__all__ = [
    "BENIGN",
    "COLOURS",
    "MALIGNANT",
    "confusion",
    "curves",
    "distributions",
    "intervals",
    "ranking",
    "use_style",
]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
BENIGN, MALIGNANT = COLOURS[0], COLOURS[1]
_DASHES = ("-", "--", "-.", ":")
_CHANCE = "0.45"


def use_style() -> None:
    """Set the style of all later figures: readable sizes on an opaque white ground."""
    plt.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=COLOURS),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "figure.facecolor": "white",
            "font.size": 11,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "savefig.facecolor": "white",
        }
    )


def distributions(table: pd.DataFrame, target: pd.Series, columns: Sequence[str]) -> Figure:
    """Draw the histogram of each column, benign and malignant patients apart.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a patient.
    target : pandas.Series
        1 for malignant, 0 for benign; the index of `table`.
    columns : sequence of str
        The columns to draw, one panel each.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = plt.subplots(1, len(columns), figsize=(3.1 * len(columns), 3), squeeze=False)
    for axes, column in zip(panels[0], columns, strict=True):
        bins = np.histogram_bin_edges(table[column], bins=25)
        for label, value, colour, hatch in (("benign", 0, BENIGN, None), ("malignant", 1, MALIGNANT, "///")):
            axes.hist(
                table.loc[target == value, column],
                bins=bins,
                histtype="stepfilled",
                facecolor=colour + "40",
                edgecolor=colour,
                hatch=hatch,
                label=label,
            )
        axes.set(xlabel=column)
    panels[0][0].set(ylabel="patients")
    panels[0][-1].legend()
    return figure


def confusion(truth: ArrayLike, prediction: ArrayLike, title: str, axes: Axes | None = None) -> Axes:
    """Draw a confusion matrix with counts and row percentages, the disease first.

    Parameters
    ----------
    truth, prediction : array_like of int, shape (n,)
        1 for malignant, 0 for benign.
    title : str
        Title of the panel.
    axes : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        Rows are the true diagnosis, columns the prediction; the top left cell counts the true positives.
    """
    axes = axes or _axes((4, 3.4))
    counts = confusion_matrix(truth, prediction, labels=[1, 0])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(2, 2):
        share = shares[row, column]
        text = f"{counts[row, column]}\n{100 * share:.1f} % of row"
        axes.text(column, row, text, ha="center", va="center", color="white" if share > 0.5 else "black")
    names = ["malignant", "benign"]
    axes.set_xticks([0, 1], names)
    axes.set_yticks([0, 1], names, rotation=90, va="center")
    axes.set(xlabel="prediction", ylabel="true diagnosis", title=title)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return axes


def curves(x: ArrayLike, lines: Mapping[str, ArrayLike], *, xlabel: str, ylabel: str, axes: Axes | None = None) -> Axes:
    """Draw lines over a common horizontal axis, each with its own colour and dashes.

    Parameters
    ----------
    x : array_like, shape (n,)
        Horizontal position.
    lines : mapping of str to array_like, shape (n,)
        Height of each line, by the name that the legend gives it.
    xlabel, ylabel : str
        What the axes show, with the unit.
    axes : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
    """
    axes = axes or _axes((6, 3.8))
    for (label, y), dashes, colour in zip(lines.items(), cycle(_DASHES), cycle(COLOURS), strict=False):
        axes.plot(x, y, dashes, color=colour, label=label)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.legend()
    return axes


def intervals(estimates: pd.DataFrame, *, xlabel: str, axes: Axes | None = None) -> Axes:
    """Draw estimates with their intervals, one a line, the first on top.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Columns "low", "value" and "high", with low <= value <= high; the index gives each line its name.
    xlabel : str
        What the horizontal axis shows, with the unit.
    axes : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
    """
    axes = axes or _axes((6.5, 0.9 + 0.42 * len(estimates)))
    heights = np.arange(len(estimates))
    below, above = estimates["value"] - estimates["low"], estimates["high"] - estimates["value"]
    axes.errorbar(estimates["value"], heights, xerr=[below, above], fmt="o", color=COLOURS[0], capsize=4)
    axes.set_yticks(heights, [str(label) for label in estimates.index])
    axes.set_ylim(len(estimates) - 0.5, -0.5)
    axes.set(xlabel=xlabel)
    axes.grid(axis="x", color="0.88")
    return axes


def ranking(truth: ArrayLike, scores: Mapping[str, ArrayLike]) -> Figure:
    """Draw the ROC curve and the precision-recall curve of some models, with the lines of chance.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 for malignant, 0 for benign; both must occur.
    scores : mapping of str to array_like, shape (n,)
        Score of each patient by the name of the model; higher means more suspect.

    Returns
    -------
    matplotlib.figure.Figure
        Left the ROC curves, right the precision-recall curves.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2))
    for (label, score), dashes, colour in zip(scores.items(), cycle(_DASHES), cycle(COLOURS), strict=False):
        false_positive_rate, true_positive_rate, _ = roc_curve(truth, score)
        precision, recall, _ = precision_recall_curve(truth, score)
        left.plot(false_positive_rate, true_positive_rate, dashes, color=colour, label=label)
        right.plot(recall, precision, dashes, color=colour, label=label)
    left.plot([0, 1], [0, 1], ":", color=_CHANCE, label="chance")
    right.axhline(float(np.mean(np.asarray(truth))), linestyle=":", color=_CHANCE, label="chance (prevalence)")
    left.set(xlabel="1 - specificity", ylabel="sensitivity", title="ROC curve", aspect="equal")
    right.set(xlabel="recall (sensitivity)", ylabel="precision (PPV)", title="Precision-recall curve", aspect="equal")
    for axes in (left, right):
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        axes.legend(loc="lower right" if axes is left else "lower left")
    return figure


def _axes(size: tuple[float, float]) -> Axes:
    return plt.subplots(figsize=size)[1]
