"""Screening: what is known in time, resampling by person, calibration and net benefit."""

import clinic
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from clinic import screening
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score


@pytest.fixture(scope="module")
def tests() -> pd.DataFrame:
    return clinic.load_covid_testing().table


@pytest.fixture(scope="module")
def predicted() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(219)
    log_odds = rng.normal(-2, 1, size=3000)
    truth = (rng.random(3000) < expit(-0.3 + 0.7 * log_odds)).astype(int)
    return truth, expit(log_odds)


def test_predictors_are_known_when_the_sample_is_taken(tests: pd.DataFrame) -> None:
    known = screening.predictors(tests)
    assert list(known) == ["adult", "male", "drive-through", "order set", "group", "class", "payor", "clinic"]
    assert known.index.equals(tests.index)
    assert not known.isna().any(axis=None)
    assert known["adult"].sum() == (tests["age"] >= 18).sum()
    assert (known["payor"] == "not recorded").sum() == tests["payor_group"].isna().sum()
    assert (known["class"] == "not recorded").sum() == tests["patient_class"].isna().sum()


def test_clinics_with_a_name_of_their_own_have_a_hundred_tests_each(tests: pd.DataFrame) -> None:
    ward = tests["clinic_name"].str.replace("inpatient ward .", "inpatient ward", regex=True)
    counts = ward.value_counts()
    assert set(screening.CLINICS) == set(counts.index[counts >= 100])
    assert (screening.predictors(tests)["clinic"] == "other").sum() == counts[counts < 100].sum()


def test_predictors_of_a_few_rows_are_those_of_the_whole(tests: pd.DataFrame) -> None:
    few = screening.predictors(tests.iloc[100:120])
    pd.testing.assert_frame_equal(few, screening.predictors(tests).iloc[100:120])


def test_resampling_draws_persons_with_all_their_rows() -> None:
    person = np.array(["b", "a", "b", "c", "b"])
    times = []
    for rows in screening.resample(person, 200, 1):
        counts = np.bincount(rows, minlength=5)
        assert counts[0] == counts[2] == counts[4]
        assert counts[0] + counts[1] + counts[3] == 3  # three persons are drawn
        times.append(counts[3])
    assert np.mean(times) == pytest.approx(1, abs=0.2)
    first, again = ([rows.tolist() for rows in screening.resample(person, 3, 7)] for _ in range(2))
    assert first == again


def test_auc_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    truth, score = rng.integers(0, 2, 300), rng.integers(0, 9, 300)  # with ties
    assert screening.score_auc(truth, score) == pytest.approx(roc_auc_score(truth, score))


def test_calibration_line_is_an_unpenalised_logistic_regression(predicted: tuple[np.ndarray, np.ndarray]) -> None:
    truth, probability = predicted
    line = screening.calibration_line(truth, probability)
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit(probability)[:, None], truth)
    assert line.slope == pytest.approx(model.coef_[0, 0], abs=1e-4)
    assert line.shift == pytest.approx(model.intercept_[0], abs=1e-4)
    # With the intercept added and nothing else, as many are expected as are observed.
    assert expit(logit(probability) + line.intercept).sum() == pytest.approx(truth.sum())
    assert line.slope == pytest.approx(0.7, abs=0.15)


def test_recalibrated_probabilities_lie_on_the_line(predicted: tuple[np.ndarray, np.ndarray]) -> None:
    truth, probability = predicted
    better = screening.recalibrated(probability, screening.calibration_line(truth, probability))
    line = screening.calibration_line(truth, better)
    assert (line.intercept, line.slope, line.shift) == pytest.approx((0, 1, 0), abs=1e-6)


def test_calibration_table_counts_each_test_once(predicted: tuple[np.ndarray, np.ndarray]) -> None:
    truth, probability = predicted
    table = screening.calibration_table(truth, probability, np.arange(3000), groups=10, resamples=100, seed=1)
    assert table["tests"].tolist() == [300] * 10
    lowest = np.argsort(probability)[:300]
    assert table["predicted"][0] == pytest.approx(probability[lowest].mean())
    assert table["observed"][0] == pytest.approx(truth[lowest].mean())
    assert (table["low"] <= table["observed"]).all()
    assert (table["observed"] <= table["high"]).all()


def test_equal_probabilities_fall_into_one_group() -> None:
    table = screening.calibration_table(
        [0, 1, 0, 1, 1, 1], [0.1, 0.1, 0.1, 0.1, 0.4, 0.6], range(6), groups=3, resamples=10, seed=1
    )
    assert table["tests"].tolist() == [4, 2]
    assert table["observed"][0] == pytest.approx(0.5)


def test_repeated_rows_of_a_person_make_nothing_surer() -> None:
    truth = np.tile([0, 1], 50)
    once = screening.calibration_table(truth, np.full(100, 0.5), np.arange(100), groups=1, resamples=500, seed=1)
    fivefold = screening.calibration_table(
        np.repeat(truth, 5), np.full(500, 0.5), np.repeat(np.arange(100), 5), groups=1, resamples=500, seed=1
    )
    assert (fivefold["high"] - fivefold["low"])[0] == pytest.approx((once["high"] - once["low"])[0])


def test_net_benefit_counted_by_hand() -> None:
    truth, probability = [1, 1, 0, 0, 0], [0.9, 0.2, 0.2, 0.1, 0.0]
    # From 0.2 upwards two are found and one is alarmed, at odds of 1 to 4; at 0 all are treated and nothing is paid.
    expected = [2 / 5, (2 - 1 / 4) / 5, 1 / 5, 0]
    np.testing.assert_allclose(screening.net_benefit(truth, probability, [0, 0.2, 0.5, 0.95]), expected)


def test_calibration_plot_has_intervals_and_the_diagonal(predicted: tuple[np.ndarray, np.ndarray]) -> None:
    mpl.use("Agg")
    truth, probability = predicted
    table = screening.calibration_table(truth, probability, np.arange(3000), groups=5, resamples=20, seed=1)
    figure = screening.calibration_plot({"a model": table}, [0.6, 0.2])
    left, right = figure.axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["perfect", "a model"]
    assert (left.get_xlim(), right.get_ylim()) == ((0, 0.6), (0, 0.2))
    (drawn,) = left.containers
    np.testing.assert_allclose(drawn.lines[0].get_xydata(), table[["predicted", "observed"]])
