"""Follow-up, cumulative incidence and the simulated programme."""

from collections.abc import Iterator

import clinic
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from clinic import survival
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def _figures() -> Iterator[None]:
    plt.switch_backend("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def test_months_run_from_the_beginning_of_1983_to_the_end_of_1992() -> None:
    nhefs = clinic.load_nhefs()
    followed = survival.follow_up(nhefs)
    assert followed["died"].sum() == 318
    assert followed["months"].between(1, 120).all()
    assert (followed.loc[followed["died"] == 0, "months"] == 120).all()
    first = nhefs.table[(nhefs.table["yrdth"] == 84) & (nhefs.table["modth"] == 2)].index[0]
    assert followed.loc[first, "months"] == 14


def test_codebook_names_columns_of_the_table_and_when_they_were_known() -> None:
    table, book = clinic.load_nhefs().table, survival.codebook()
    assert set(book.index) <= set(table.columns)
    assert book.index.is_unique
    assert set(book["known"]) == {survival.FIRST_VISIT, survival.SECOND_VISIT, survival.AFTER}
    later = [name for name in book.index if "82" in name or name in ("sbp", "dbp", "qsmk")]
    assert set(book.loc[later, "known"]) == {survival.SECOND_VISIT}


def test_a_disease_that_is_not_known_is_a_gap() -> None:
    table = clinic.load_nhefs().table
    opened = survival.open_gaps(table)
    for name in ("hbp", "diabetes"):
        assert set(opened[name].dropna()) == {0, 1}
        assert opened[name].isna().sum() == (table[name] == 2).sum() > 0
    assert (table["hbp"] == 2).any(), "the table itself is left as it is"
    pd.testing.assert_frame_equal(opened.drop(columns=["hbp", "diabetes"]), table.drop(columns=["hbp", "diabetes"]))


def test_cumulative_incidence_worked_by_hand() -> None:
    table = survival.cumulative_incidence([1, 2, 2, 3, 4, 5], [1, 2, 0, 0, 1, 2])
    # At 1: one of 6. At 2: one of 5, the censored among them. At 4: one of 2. At 5: the last one.
    after_two = 5 / 6 * 4 / 5
    np.testing.assert_allclose(table[1], [0, 1 / 6, 1 / 6, 1 / 6 + after_two / 2, 1 / 6 + after_two / 2])
    np.testing.assert_allclose(table[2], [0, 0, 1 / 6, 1 / 6, 1 / 6 + after_two / 2])
    np.testing.assert_allclose(table.sum(axis=1), 1)
    assert list(table.index) == [0, 1, 2, 4, 5]


def test_cumulative_incidence_against_lifelines() -> None:
    generator = np.random.default_rng(1)
    time, kind = generator.permutation(500) + 1.0, generator.integers(0, 3, 500)  # no two times are equal
    table = survival.cumulative_incidence(time, kind)
    for cause in (1, 2):
        fitted = AalenJohansenFitter(calculate_variance=False).fit(time, kind, event_of_interest=cause)
        other = fitted.cumulative_density_.iloc[:, 0]
        shared = table.index.intersection(other.index)
        assert len(shared) > 100
        np.testing.assert_allclose(table.loc[shared, cause], other[shared])


def test_with_one_kind_of_event_it_is_kaplan_meier_ties_and_all() -> None:
    generator = np.random.default_rng(2)
    time, died = generator.integers(1, 30, 300), generator.integers(0, 2, 300)
    fitted = KaplanMeierFitter().fit(time, died)
    table = survival.cumulative_incidence(time, died)
    np.testing.assert_allclose(table[0], fitted.predict(table.index))


def test_curves_show_steps_bands_and_the_number_still_observed() -> None:
    line = pd.DataFrame({"value": [1, 0.5], "low": [1, 0.2], "high": [1, 0.8]}, index=[0.0, 3.0])
    lines = {"a": line, "b": line[["value"]]}
    figure = survival.curves(
        lines, xlabel="months", ylabel="alive", observed={"a": [1, 3, 5], "b": [2, 2]}, counted_at=(0, 3)
    )
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
    assert len(axes.collections) == 1
    assert axes.lines[0].get_drawstyle() == "steps-post"
    assert [text.get_text() for text in axes.texts] == ["still under observation", "a", "3", "2", "b", "2", "0"]


def test_simulated_programme_does_nothing_and_who_joins_was_alive() -> None:
    table = survival.simulate_programme(20_000, 3)
    assert (table["joined"].dropna() < table.loc[table["joined"].notna(), "months"]).all()
    assert table["months"].between(0, 36).all()
    assert (table.loc[table["died"] == 0, "months"] == 36).all()
    assert table["died"].sum() / table["months"].sum() == pytest.approx(0.03, abs=0.001)
    ever = table.assign(joined=table["joined"].notna().astype(int))
    assert CoxPHFitter().fit(ever, "months", "died").hazard_ratios_["joined"] < 0.5  # the immortal time
    pd.testing.assert_frame_equal(table, survival.simulate_programme(20_000, 3))
    assert not table.equals(survival.simulate_programme(20_000, 4))
