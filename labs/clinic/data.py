"""The labs' data sets, each with its data card."""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import files

import pandas as pd
import yaml
from sklearn import datasets

__all__ = ["Card", "Dataset", "load_breast_cancer", "load_card"]


@dataclass(frozen=True)
class Card:
    """What is known of a data set, and what is not.

    Every field is text unless it says otherwise; what the source leaves open reads "not documented".

    Parameters
    ----------
    title, what, who, where, when : str
        Name of the data set, what a row and a column are, whom it describes, and where and when it was collected.
    consent, licence, source, citation : str
        Consent of the patients, terms of use, where the data come from, and what to cite.
    size : str
        Rows and columns.
    sha256 : str
        Hash of the bytes that :meth:`Dataset.csv` gives.
    biases : tuple of str
        Known limits, one sentence or two each.
    simulated : str or None
        How the data were simulated, or None if they are real.
    """

    title: str
    what: str
    who: str
    where: str
    when: str
    consent: str
    licence: str
    source: str
    size: str
    sha256: str
    biases: tuple[str, ...]
    simulated: str | None
    citation: str


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A table of patients with the outcome to predict.

    Parameters
    ----------
    name : str
        Name of the data card, for example ``"breast-cancer"``.
    table : pandas.DataFrame
        One row a patient, one column a measurement; the index holds the patient's number and is named "patient".
    target : pandas.Series
        The outcome, 1 for malignant and 0 for benign, with the index of `table`.
    card : Card
        The data card.
    """

    name: str
    table: pd.DataFrame
    target: pd.Series
    card: Card

    def __str__(self) -> str:
        """Say in one sentence which data these are, how many patients they hold, and whether they are real."""
        malignant = int(self.target.sum())
        kind = f"simulated: {self.card.simulated}" if self.card.simulated else "real measurements, not simulated"
        return (
            f"{self.card.title}: {len(self.table)} patients, {malignant} malignant and "
            f"{len(self.table) - malignant} benign; {kind}."
        )

    def csv(self) -> bytes:
        """Return table and target as CSV in UTF-8, the bytes whose SHA-256 stands on the data card."""
        text: str = self.table.assign(**{str(self.target.name): self.target}).to_csv(lineterminator="\n")
        return text.encode()


def load_card(name: str) -> Card:
    """Read a data card.

    Parameters
    ----------
    name : str
        Name of the card's file without ``.yml``, for example ``"breast-cancer"``.

    Returns
    -------
    Card

    Raises
    ------
    ValueError
        If there is no such card, or if it lacks a field or has one too many.
    """
    folder = files("clinic") / "cards"
    known = sorted(file.name.removesuffix(".yml") for file in folder.iterdir() if file.name.endswith(".yml"))
    if name not in known:
        raise ValueError(f"There is no data card {name!r}. Choose one of: {', '.join(known)}.")
    content = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))
    expected = {field.name for field in fields(Card)}
    if set(content) != expected:
        wrong = ", ".join(sorted(set(content) ^ expected))
        raise ValueError(f"Data card {name!r}: these fields are missing or unknown: {wrong}.")
    return Card(**{**content, "biases": tuple(content["biases"])})


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
    target = (raw.target == list(raw.target_names).index("malignant")).astype("int64")
    return Dataset("breast-cancer", table, target.set_axis(patient).rename("malignant"), load_card("breast-cancer"))


def _readable(column: str) -> str:
    return f"standard error of {column.removesuffix(' error')}" if column.endswith(" error") else column
