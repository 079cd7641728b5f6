"""Quality measures of scans by site."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
from clinic import sites


def test_one_scan_a_participant_from_17_sites() -> None:
    scans = sites.load_quality()
    assert "1101 participants, one scan each, from 17 sites" in str(scans)
    assert "not simulated" in str(scans)
    assert list(scans.table.columns) == [*sites.QUALITY, *sites.WIDTHS]
    assert not scans.table.isna().any(axis=None)
    assert list(scans.table.index) == list(range(1, 1102))
    assert set(scans.maker) == {"GE", "Philips", "Siemens"}
    assert (scans.maker.groupby(scans.site).nunique() == 1).all()


def test_table_holds_no_number_of_a_participant() -> None:
    scans = sites.load_quality()
    raw = pd.read_csv(Path(sites.__file__).parent / "tables" / "abide-quality.csv")
    assert list(raw.columns) == ["scan", "site", "maker", *sites.QUALITY, *sites.WIDTHS]
    assert scans.site.is_monotonic_increasing


def test_table_is_the_one_on_its_card() -> None:
    (file,) = sites.load_quality().card.files
    content = (Path(sites.__file__).parent / file.name).read_bytes()
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == file.hash


def test_invented_diagnoses_have_their_share_at_each_site() -> None:
    site = pd.Series(np.repeat(["north", "south"], [40, 30]))
    ill = sites.invent_diagnoses(site, {"north": 0.9, "south": 0.1}, seed=1)
    assert (ill[:40].sum(), ill[40:].sum()) == (36, 3)
    np.testing.assert_array_equal(ill, sites.invent_diagnoses(site, {"north": 0.9, "south": 0.1}, seed=1))
    assert not np.array_equal(ill, sites.invent_diagnoses(site, {"north": 0.9, "south": 0.1}, seed=2))
