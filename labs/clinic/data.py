"""The labs' tables of patients."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import pandas as pd
from sklearn import datasets

from clinic.card import Card, load_card
from clinic.fetch import download

__all__ = ["Dataset", "fetch_liver", "load_breast_cancer", "load_covid_testing", "load_nhefs"]


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A table with the outcome to predict.

    Parameters
    ----------
    name : str
        Name of the data card, for example ``"breast-cancer"``.
    table : pandas.DataFrame
        One row a patient (or a test), one column a measurement; the index is named for what a row is.
    target : pandas.Series
        The outcome, 1 for what is to be found and 0 for its absence, with the index of `table`.
    outcomes : tuple of str
        What 1 and 0 mean, for example ``("malignant", "benign")``.
    card : Card
        The data card.
    """

    name: str
    table: pd.DataFrame
    target: pd.Series
    outcomes: tuple[str, str]
    card: Card

    def __str__(self) -> str:
        """Say in one sentence which data these are, how many rows they hold, and whether they are real."""
        positive = int(self.target.sum())
        rows = f"{len(self.table)} {self.table.index.name}s"
        yes, no = self.outcomes
        return self.card.sentence(f"{rows}, {positive} {yes} and {len(self.table) - positive} {no}")

    def csv(self) -> bytes:
        """Return table and target as CSV in UTF-8."""
        text: str = self.table.assign(**{str(self.target.name): self.target}).to_csv(lineterminator="\n")
        return text.encode()


def load_breast_cancer() -> Dataset:
    """Load the Wisconsin diagnostic breast cancer data, with malignant as 1.

    The values are those of :func:`sklearn.datasets.load_breast_cancer`, which ships with scikit-learn. That
    function codes malignant as 0 and benign as 1; here it is the other way round, so that the positive class
    is the disease. The columns are renamed to say which summary of the cell nuclei they hold: "mean radius",
    "standard error of radius", "worst radius". Their units are not documented.

    Returns
    -------
    Dataset
        569 rows and 30 columns, float64; patients are numbered from 1 in the order of scikit-learn's rows.
    """
    raw = datasets.load_breast_cancer(as_frame=True)
    patient = pd.RangeIndex(1, len(raw.data) + 1, name="patient")
    table = raw.data.rename(columns=_readable).set_axis(patient)
    target = (raw.target == list(raw.target_names).index("malignant")).astype("int64").set_axis(patient)
    card = load_card("breast-cancer")
    return Dataset("breast-cancer", table, target.rename("malignant"), ("malignant", "benign"), card)


def load_nhefs() -> Dataset:
    """Load the adults of the NHANES I follow-up study (NHEFS), with death by the end of 1992 as 1.

    Returns
    -------
    Dataset
        1,629 rows; the index is the survey's sequence number, the columns keep the survey's names. Columns that tell
        of a time after the first visit are among them: ``qsmk``, all that end in 82, blood pressure (``sbp``, ``dbp``),
        and year, month and day of death. Code 2 of several questions, ``hbp`` and ``diabetes`` among them, means
        "not known".
    """
    raw = _table("nhefs").drop(columns="rownames").astype({"seqn": "int64"})
    table = raw.set_index("seqn").rename_axis("adult")
    return Dataset("nhefs", table.drop(columns="death"), table["death"].astype("int64"), ("dead by 1992", "alive"),
                   load_card("nhefs"))  # fmt: skip


def load_covid_testing() -> Dataset:
    """Load the COVID-19 tests of one children's hospital in 2020, with a positive result as 1.

    Invalid results are left out. The names of Game of Thrones and the name of the test are, too; ``subject_id`` stays,
    since one subject may have several tests. ``ct_result``, the test's own reading, is the answer and no predictor.

    Returns
    -------
    Dataset
        15,223 rows, one a test, in the order of the file.
    """
    raw = _table("covid_testing")
    raw = raw[raw["result"] != "invalid"].set_index("rownames").rename_axis("test")
    target = (raw["result"] == "positive").astype("int64").rename("positive")
    table = raw.drop(columns=["result", "fake_first_name", "fake_last_name", "test_id"])
    return Dataset("covid-testing", table, target, ("positive", "negative"), load_card("covid-testing"))


def fetch_liver() -> Dataset:
    """Fetch the Indian liver patients, with liver disease as 1.

    Returns
    -------
    Dataset
        583 rows and 10 columns; patients are numbered from 1.

    Raises
    ------
    DataError
        If the file can't be had; the message says what to do.
    """
    (path,) = download("indian-liver-patient")
    raw = pd.read_csv(path)
    raw.index = pd.RangeIndex(1, len(raw) + 1, name="patient")
    target = (raw["Dataset"] == 1).astype("int64").rename("liver disease")
    card = load_card("indian-liver-patient")
    return Dataset("indian-liver-patient", raw.drop(columns="Dataset"), target, ("with liver disease", "without"), card)


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(files("clinic").joinpath("tables", f"{name}.csv").open(encoding="utf-8"))


def _readable(column: str) -> str:
    return f"standard error of {column.removesuffix(' error')}" if column.endswith(" error") else column
