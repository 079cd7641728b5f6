"""Hospital stays: two real tables of very ill adults, and a simulated ward."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clinic.card import load_card
from clinic.data import Dataset
from clinic.fetch import download

__all__ = [
    "DIED",
    "DISCHARGED",
    "DUE_TO_DIE",
    "IN_HOSPITAL",
    "LEAKS",
    "fetch_rhc",
    "fetch_support2",
    "simulate_ward",
    "within",
]

IN_HOSPITAL, DISCHARGED, DIED = 0, 1, 2
DUE_TO_DIE = 0.25  # the share of the simulated ward's patients

# Columns of SUPPORT2 that tell of the outcome: the survival forecasts of the study's own model (surv2m, surv6m), the order
# not to resuscitate, which may be given on any day of the stay (dnr), and the state after two months (sfdm2), one of whose
# levels is that the patient did not live so long.
LEAKS = ("surv2m", "surv6m", "dnr", "sfdm2")


def fetch_rhc() -> Dataset:
    """Fetch the adults of the right heart catheterisation study, with death during follow-up as 1.

    Returns
    -------
    Dataset
        5,735 rows; patients are numbered from 1. Column ``time`` is the number of days to death or to the last contact, an
        outcome and no predictor; ``surv2md1`` is another model's forecast and is left out.

    Raises
    ------
    DataError
        If the file can't be had; the message says what to do.
    """
    return _fetch("rhc", ("surv2md1",))


def fetch_support2() -> Dataset:
    """Fetch the seriously ill adults of the SUPPORT study, with death during follow-up as 1.

    The columns of :data:`LEAKS` are left out.

    Returns
    -------
    Dataset
        9,105 rows; patients are numbered from 1. Column ``time`` is the number of days to death or to the last contact, an
        outcome and no predictor.

    Raises
    ------
    DataError
        If the file can't be had; the message says what to do.
    """
    return _fetch("support2", LEAKS)


def within(dataset: Dataset, days: int) -> pd.Series:
    """Say who died within some days; those who left observation alive before are missing.

    Parameters
    ----------
    dataset : Dataset
        With the days of follow-up in its column ``time``.
    days : int
        How many days, counted from the start of the study.

    Returns
    -------
    pandas.Series
        1.0 dead by then, 0.0 alive then, NaN not known; the index of the table.
    """
    time, died = dataset.table["time"], dataset.target == 1
    dead = died & (time <= days)
    known = dead | (time >= days)
    return dead.astype(float).where(known).rename(f"dead within {days} days")


def simulate_ward(number: int, seed: int) -> pd.DataFrame:
    """Simulate the stays of a ward: everybody is discharged alive or dies there, unless the record ends first.

    A share of :data:`DUE_TO_DIE` is due to die there. The length of a stay is drawn from a log-normal distribution, so that a few
    stays are very long. The record ends after 60 days; one patient in four is due to be moved to another hospital on a day
    from 1 to 30, and whoever is still in the ward then has a record that ends there.

    Parameters
    ----------
    number : int
        How many patients.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        "day", the last day on record, and "event": 1 discharged alive, 2 died in hospital, 0 neither so far.
    """
    generator = np.random.default_rng(seed)
    dies = generator.random(number) < DUE_TO_DIE
    day = np.ceil(generator.lognormal(np.where(dies, 1.6, 2.0), np.where(dies, 0.8, 0.7))).astype("int64")
    end = np.where(generator.random(number) < 0.25, generator.integers(1, 31, number), 60)
    event = np.where(day <= end, np.where(dies, DIED, DISCHARGED), IN_HOSPITAL)
    index = pd.RangeIndex(1, number + 1, name="patient")
    return pd.DataFrame({"day": np.minimum(day, end), "event": event}, index=index)


def _fetch(name: str, left_out: tuple[str, ...]) -> Dataset:
    (path,) = download(name)
    raw = pd.read_csv(path).drop(columns="pid")
    raw.columns = pd.Index([column.removeprefix("num_").removeprefix("fac_") for column in raw.columns])
    raw = raw.loc[:, ~raw.columns.duplicated()].drop(columns=list(left_out))
    raw.index = pd.RangeIndex(1, len(raw) + 1, name="patient")
    numbers = raw.select_dtypes("float64").columns
    table = raw.assign(**{column: _rounded(raw[column]) for column in numbers}).replace("missing", np.nan)
    target = table["event"].astype("int64").rename("died")
    card = load_card(name)
    return Dataset(name, table.drop(columns="event"), target, ("died during follow-up", "last seen alive"), card)


def _rounded(values: pd.Series) -> pd.Series:
    """Take back the digits that half precision invented: it keeps about three significant ones."""
    size = values.abs()
    return values.round(2).where(size < 10, values.round(1).where(size < 100, values.round(0)))
