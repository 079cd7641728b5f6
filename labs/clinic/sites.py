"""Scanner and site: what a brain scan tells of the place where it was made."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinic.card import Card, load_card

__all__ = ["QUALITY", "WIDTHS", "Scans", "invent_diagnoses", "load_quality"]

QUALITY = ("cjv", "cnr", "efc", "fber", "fwhm_avg", "inu_med", "inu_range", "snr_csf", "snr_gm", "snr_wm", "wm2max")
WIDTHS = ("spacing_x", "spacing_y", "spacing_z")


@dataclass(frozen=True, eq=False, repr=False)
class Scans:
    """Quality measures of scans from several sites.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a scan of one participant, with the columns of `QUALITY` and `WIDTHS`.
    site, maker : pandas.Series
        Where the scan was made, and who made the scanner.
    card : Card
        The data card.
    """

    table: pd.DataFrame
    site: pd.Series
    maker: pd.Series
    card: Card

    def __str__(self) -> str:
        """Say in one sentence which data these are, how many scans they hold, and whether they are real."""
        return self.card.sentence(f"{len(self.table)} participants, one scan each, from {self.site.nunique()} sites")


def load_quality() -> Scans:
    """Load the quality measures of the ABIDE scans.

    Returns
    -------
    Scans
        1,101 scans, numbered from 1.
    """
    raw = pd.read_csv(files("clinic").joinpath("tables", "abide-quality.csv").open(encoding="utf-8"), index_col="scan")
    return Scans(raw[[*QUALITY, *WIDTHS]], raw["site"], raw["maker"], load_card("abide-quality"))


def invent_diagnoses(site: pd.Series, share: dict[str, float], seed: int) -> NDArray[np.int64]:
    """Invent a diagnosis for each scan that depends on the site and on nothing else.

    Parameters
    ----------
    site : pandas.Series
        Site of each scan; each occurs in `share`.
    share : dict of str to float
        Share of the ill at each site; their number is exact, and who is ill is drawn at random.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    array of int
        1 for ill, 0 for healthy.
    """
    rng = np.random.default_rng(seed)
    ill = np.zeros(len(site), dtype=np.int64)
    for name, part in share.items():
        here = np.flatnonzero(site == name)
        ill[rng.permutation(here)[: round(part * len(here))]] = 1
    return ill
