"""Rates, calibration, limits and weights by group."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from clinic import fairness
from fairlearn.metrics import MetricFrame, false_negative_rate, false_positive_rate, selection_rate
from matplotlib import pyplot as plt
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_score


@pytest.fixture(autouse=True)
def _figures() -> Iterator[None]:
    plt.switch_backend("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


@pytest.fixture
def people() -> pd.DataFrame:
    generator = np.random.default_rng(1)
    group = np.where(generator.random(600) < 0.3, "few", "many")
    risk = generator.beta(1, np.where(group == "few", 2, 4)).round(3)
    return pd.DataFrame({"group": group, "risk": risk, "truth": (generator.random(600) < risk).astype(int)})


def test_wilson_by_its_formula() -> None:
    z, p, n = 1.959964, 0.3, 10
    center, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    np.testing.assert_allclose(
        fairness.wilson(3, 10), np.array([center - half, center + half]) / (1 + z**2 / n), rtol=1e-6
    )
    assert np.isnan(fairness.wilson(0, 0)).all()


def test_rates_against_fairlearn(people: pd.DataFrame) -> None:
    decision = people["risk"] >= 0.3
    table = fairness.rates(people["truth"], decision, people["group"])
    names = {"invited": selection_rate, "missed (FNR)": false_negative_rate, "false alarms (FPR)": false_positive_rate}
    metrics = names | {"PPV": precision_score}
    frame = MetricFrame(metrics=metrics, y_true=people["truth"], y_pred=decision, sensitive_features=people["group"])
    for name in metrics:
        for group in ("few", "many"):
            row = table.loc[(name, group)]
            assert row["value"] == pytest.approx(frame.by_group.loc[group, name])
            assert (row["low"], row["high"]) == fairness.wilson(int(row["count"]), int(row["of"]))
    assert table.loc[("prevalence", "few"), "value"] == people.loc[people["group"] == "few", "truth"].mean()


def test_a_rate_of_nobody_is_not_a_number() -> None:
    table = fairness.rates([1, 0, 0], [0, 0, 1], ["a", "a", "b"])
    assert np.isnan(table.loc[("PPV", "a"), ["low", "value", "high"]].to_numpy()).all()
    assert np.isnan(table.loc[("missed (FNR)", "b"), "value"])
    assert table.loc[("missed (FNR)", "a"), "value"] == 1


def test_threshold_is_the_highest_that_finds_enough(people: pd.DataFrame) -> None:
    dead = people.loc[people["truth"] == 1, "risk"].to_numpy()
    for sensitivity in (0.01, 0.5, 0.77, 1.0):
        limit = fairness.threshold_for(people["truth"], people["risk"], sensitivity)
        assert (dead >= limit).mean() >= sensitivity > (dead > limit).mean()
    assert fairness.threshold_for([1, 1, 1, 1, 0], [0.9, 0.6, 0.4, 0.2, 1.0], 0.75) == 0.4


def test_groups_reach_the_same_share_within_the_places(people: pd.DataFrame) -> None:
    limits, share = fairness.thresholds_for_invited(people["truth"], people["risk"], people["group"], 150)

    def invited(level: float) -> tuple[int, dict[str, float]]:
        parts = people.groupby("group")
        chosen = {name: fairness.threshold_for(part["truth"], part["risk"], level) for name, part in parts}
        return int((people["risk"] >= people["group"].map(chosen)).sum()), chosen

    number, chosen = invited(share)
    assert chosen == limits
    assert number <= 150 < invited(share + 0.01)[0]
    for name, part in people[people["truth"] == 1].groupby("group"):
        assert (part["risk"] >= limits[name]).mean() >= share
    with pytest.raises(ValueError, match="0 invitations"):
        fairness.thresholds_for_invited(people["truth"], people["risk"], people["group"], 0)


def test_weights_make_outcome_and_group_independent(people: pd.DataFrame) -> None:
    weights = pd.Series(fairness.balancing_weights(people["truth"], people["group"]))
    assert weights.sum() == pytest.approx(len(people))
    shares = [
        (weights * people["truth"])[people["group"] == name].sum() / weights[people["group"] == name].sum()
        for name in ("few", "many")
    ]
    np.testing.assert_allclose(shares, people["truth"].mean())
    # By hand: the dead of a are expected 2 * 1 / 4 times, those of b 2 * 3 / 4 times, the living of b as often.
    np.testing.assert_allclose(fairness.balancing_weights([1, 1, 0, 0], ["a", "b", "b", "b"]), [0.5, 1.5, 0.75, 0.75])


def test_calibration_against_scikit_learn(people: pd.DataFrame) -> None:
    risk = people["risk"] + np.arange(600) * 1e-9  # no two are equal
    table = fairness.calibration(people["truth"], risk, 5)
    observed, predicted = calibration_curve(people["truth"], risk, n_bins=5, strategy="quantile")
    np.testing.assert_allclose(table["predicted"], predicted, atol=0.01)
    np.testing.assert_allclose(table["observed"], observed, atol=0.01)
    assert table["number"].tolist() == [120] * 5
    assert (table["low"] <= table["observed"]).all()
    assert (table["observed"] <= table["high"]).all()


def test_figures_show_each_group(people: pd.DataFrame) -> None:
    table = fairness.rates(people["truth"], people["risk"] >= 0.3, people["group"])
    figure = fairness.plot_rates({"one": table, "two": table}, ("invited", "PPV"))
    assert [axes.get_title() for axes in figure.axes] == ["invited", "PPV"]
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["one: few", "one: many", "two: few", "two: many"]
    first = figure.axes[0].lines[0].get_xdata()[0]
    assert first == table.loc[("invited", "few"), "value"]
    colours = [drawn[0].get_color() for drawn in figure.axes[0].containers]
    assert colours[0] == colours[2] != colours[1] == colours[3]
    bins = {name: fairness.calibration(part["truth"], part["risk"], 4) for name, part in people.groupby("group")}
    (axes,) = fairness.plot_calibration(bins).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["perfect agreement", "few", "many"]
