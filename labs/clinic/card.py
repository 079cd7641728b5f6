"""Data cards: what is known of a data set, and what is not."""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

import yaml

__all__ = ["Card", "File", "load_card"]


@dataclass(frozen=True)
class File:
    """One file of a data set.

    Parameters
    ----------
    name : str
        Its path in the cache and in a mirror, for example ``"tables/nhefs.csv"``.
    hash : str
        Algorithm and hash of its bytes, ``"sha256:…"``; ``"md5:…"`` only where the publisher gives no other.
    url : str or None
        Where it is downloaded from; None if it comes with the course or a package, or has no address of its own.
    """

    name: str
    hash: str
    url: str | None = None

    def __str__(self) -> str:
        """Return the file as the site shows it."""
        algorithm, _, value = self.hash.partition(":")
        return f"{self.name}, {algorithm.upper()} {value}" + (f", {self.url}" if self.url else "")


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
        Rows and columns, or how many images of which size.
    files : tuple of File
        Each file with its hash; of a table that a package ships, the CSV that :meth:`clinic.data.Dataset.csv` gives.
        Empty for what is simulated anew.
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
    files: tuple[File, ...]
    biases: tuple[str, ...]
    simulated: str | None
    citation: str

    def sentence(self, counts: str) -> str:
        """Say in one sentence which data these are, how many there are of them, and whether they are real.

        Parameters
        ----------
        counts : str
            How many patients, images or notes, for example "569 patients, 212 malignant and 357 benign".
        """
        kind = f"simulated: {self.simulated}" if self.simulated else "real measurements, not simulated"
        return f"{self.title}: {counts}; {kind.rstrip('.')}."


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
    content: dict[str, Any] = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))
    expected = {field.name for field in fields(Card)}
    if set(content) != expected:
        wrong = ", ".join(sorted(set(content) ^ expected))
        raise ValueError(f"Data card {name!r}: these fields are missing or unknown: {wrong}.")
    try:
        listed = tuple(File(**one) for one in content["files"])
    except TypeError as error:
        raise ValueError(f"Data card {name!r}: each of files has a name, a hash and perhaps a url.") from error
    return Card(**{**content, "files": listed, "biases": tuple(content["biases"])})
