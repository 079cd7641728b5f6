"""The figures: what they show, not how they look."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from clinic import plot
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex


@pytest.fixture(autouse=True)
def _figures() -> Iterator[None]:
    plt.switch_backend("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def test_style_has_an_opaque_ground_and_distinct_colours() -> None:
    plt.rcParams["figure.facecolor"] = "none"
    plot.use_style()
    assert plt.rcParams["figure.facecolor"] == plt.rcParams["savefig.facecolor"] == "white"
    assert len(set(plot.COLOURS)) == len(plot.COLOURS)
    assert plot.BENIGN != plot.MALIGNANT


def test_distributions_count_each_group() -> None:
    table = pd.DataFrame({"a": [1.0, 2, 3, 4, 5], "b": [5.0, 5, 5, 6, 7]})
    figure = plot.distributions(table, pd.Series([0, 0, 0, 1, 1]), ["a", "b"])
    assert [axes.get_xlabel() for axes in figure.axes] == ["a", "b"]
    benign, malignant = figure.axes[0].patches
    reach = {}
    for name, patch in {"benign": benign, "malignant": malignant}.items():
        x, height = patch.get_path().vertices.T
        reach[name] = x[height > 0].max()
    assert reach["benign"] < 4 < reach["malignant"]
    assert to_hex(malignant.get_edgecolor()) == plot.MALIGNANT.lower()
    assert [text.get_text() for text in figure.axes[-1].get_legend().get_texts()] == ["benign", "malignant"]


def test_confusion_has_the_disease_first_and_the_truth_in_rows() -> None:
    truth, prediction = np.repeat([1, 0, 1, 0], [3, 1, 2, 4]), np.repeat([1, 1, 0, 0], [3, 1, 2, 4])
    axes = plot.confusion(truth, prediction, "model")
    cells = {text.get_position(): text.get_text() for text in axes.texts}
    assert cells == {
        (0, 0): "3\n60.0 % of row",
        (1, 0): "2\n40.0 % of row",
        (0, 1): "1\n20.0 % of row",
        (1, 1): "4\n80.0 % of row",
    }
    assert [label.get_text() for label in axes.get_xticklabels()] == ["malignant", "benign"]
    assert axes.get_ylabel() == "true diagnosis"


def test_confusion_without_any_patient_of_one_kind() -> None:
    axes = plot.confusion([0, 0], [0, 1], "nobody is ill")
    assert [text.get_text().split("\n")[0] for text in axes.texts] == ["0", "0", "1", "1"]


def test_curves_differ_in_more_than_colour() -> None:
    axes = plot.curves([0, 1], {"up": [0, 1], "down": [1, 0]}, xlabel="x", ylabel="y")
    up, down = axes.lines
    assert list(up.get_ydata()) == [0, 1]
    assert up.get_linestyle() != down.get_linestyle()
    assert up.get_color() != down.get_color()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["up", "down"]


def test_intervals_reach_from_low_to_high_with_the_first_on_top() -> None:
    estimates = pd.DataFrame({"low": [0.1, 0.5], "value": [0.2, 0.9], "high": [0.6, 1.0]}, index=["a", "b"])
    axes = plot.intervals(estimates, xlabel="estimate")
    (bars,) = axes.collections
    assert [segment[:, 0].tolist() for segment in bars.get_segments()] == [[0.1, 0.6], [0.5, 1.0]]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    bottom, top = axes.get_ylim()
    assert abs(top - 0) < abs(bottom - 0)


def test_ranking_has_the_lines_of_chance() -> None:
    truth = [0, 0, 0, 1]
    roc, precision_recall = plot.ranking(truth, {"perfect": [0.1, 0.2, 0.3, 0.9], "poor": [0.9, 0.1, 0.2, 0.3]}).axes
    perfect, poor, chance = roc.lines
    assert (0.0, 1.0) in zip(perfect.get_xdata(), perfect.get_ydata(), strict=True)
    assert (0.0, 1.0) not in zip(poor.get_xdata(), poor.get_ydata(), strict=True)
    assert list(chance.get_xdata()) == list(chance.get_ydata()) == [0, 1]
    assert precision_recall.lines[-1].get_ydata()[0] == pytest.approx(0.25)
    assert (roc.get_xlabel(), roc.get_ylabel()) == ("1 - specificity", "sensitivity")


def test_given_axes_are_used() -> None:
    axes = plt.subplots()[1]
    estimates = pd.DataFrame({"low": [0.1], "value": [0.2], "high": [0.6]}, index=["a"])
    assert plot.confusion([1, 0], [1, 0], "", axes) is axes
    assert plot.curves([0, 1], {"a": [0, 1]}, xlabel="", ylabel="", axes=axes) is axes
    assert plot.intervals(estimates, xlabel="", axes=axes) is axes
