"""The hospital tables and the simulated ward."""

from dataclasses import replace
from pathlib import Path

import clinic
import numpy as np
import pandas as pd
import pytest
from clinic import hospital, survival


def test_rhc_is_fetched(public_data: Path) -> None:
    rhc = hospital.fetch_rhc()
    assert "5735 patients, 3722 died during follow-up and 2013 last seen alive" in str(rhc)
    assert "surv2md1" not in rhc.table.columns
    assert not {"pid", "event"} & set(rhc.table.columns)
    assert rhc.table["race"].value_counts().to_dict() == {"white": 4460, "black": 920, "other": 355}
    # Who died has the higher score of acute illness; a look at the coding that does not go through the labels.
    assert rhc.table.loc[rhc.target == 1, "aps1"].mean() > rhc.table.loc[rhc.target == 0, "aps1"].mean()


def test_support_is_fetched_without_the_columns_that_leak(public_data: Path) -> None:
    support = hospital.fetch_support2()
    assert "9105 patients, 6201 died during follow-up" in str(support)
    assert not set(hospital.LEAKS) & set(support.table.columns)
    assert support.table.columns.is_unique
    assert support.table["income"].isna().sum() == 2982  # "missing" is a gap, not an income


def test_half_precision_is_taken_back(public_data: Path) -> None:
    values = hospital._rounded(pd.Series([7.359375, 1.009766, 22.097656, 38.69531, 1440.0, np.nan, -7.359375]))
    np.testing.assert_allclose(values, [7.36, 1.01, 22.1, 38.7, 1440, np.nan, -7.36])
    assert hospital.fetch_rhc().table["ph1"].iloc[0] == 7.36


def test_within_leaves_open_who_was_lost() -> None:
    nhefs = clinic.load_nhefs()
    index = pd.RangeIndex(1, 6, name="patient")
    table = pd.DataFrame({"time": [10, 30, 31, 30, 10]}, index=index)
    stay = replace(nhefs, table=table, target=pd.Series([1, 1, 1, 0, 0], index=index))
    np.testing.assert_array_equal(hospital.within(stay, 30), [1, 1, 0, 0, np.nan])


def test_simulated_ward_ends_in_one_of_three_ways() -> None:
    ward = hospital.simulate_ward(20_000, 3)
    assert set(ward["event"]) == {hospital.IN_HOSPITAL, hospital.DISCHARGED, hospital.DIED}
    assert ward["day"].between(1, 60).all()
    assert (ward["event"] == hospital.IN_HOSPITAL).mean() > 0.05  # those who were moved
    shares = survival.cumulative_incidence(ward["day"], ward["event"]).iloc[-1]
    assert shares[hospital.DIED] == pytest.approx(hospital.DUE_TO_DIE, abs=0.01)
    days = ward.groupby("event")["day"]
    assert days.mean()[hospital.DIED] < days.mean()[hospital.DISCHARGED]
    assert days.median()[hospital.DISCHARGED] < days.mean()[hospital.DISCHARGED]
    pd.testing.assert_frame_equal(ward, hospital.simulate_ward(20_000, 3))
    assert not ward.equals(hospital.simulate_ward(20_000, 4))
