"""The data sets and their cards."""

import hashlib
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import clinic
import numpy as np
import pytest
from clinic import data
from sklearn import datasets


@pytest.fixture(scope="module")
def dataset() -> clinic.Dataset:
    return clinic.load_breast_cancer()


def test_one_row_a_patient(dataset: clinic.Dataset) -> None:
    assert dataset.table.shape == (569, 30)
    assert dataset.table.index.name == dataset.target.index.name == "patient"
    assert list(dataset.table.index) == list(dataset.target.index) == list(range(1, 570))
    assert not dataset.table.isna().any(axis=None)


def test_malignant_is_one(dataset: clinic.Dataset) -> None:
    raw = datasets.load_breast_cancer()
    malignant = raw.target_names[raw.target] == "malignant"
    np.testing.assert_array_equal(dataset.target, malignant)
    assert dataset.target.sum() == 212
    # Malignant nuclei are the larger ones; a second look at the coding that does not go through the labels.
    radius = dataset.table["mean radius"]
    assert radius[dataset.target == 1].mean() > radius[dataset.target == 0].mean()


def test_values_are_those_of_scikit_learn_under_readable_names(dataset: clinic.Dataset) -> None:
    raw = datasets.load_breast_cancer(as_frame=True).data
    np.testing.assert_array_equal(dataset.table, raw)
    names = {"mean radius": "mean radius", "radius error": "standard error of radius", "worst radius": "worst radius"}
    for old, new in names.items():
        assert dataset.table.columns[raw.columns.get_loc(old)] == new
    assert dataset.table.columns.is_unique


def test_one_sentence_says_what_the_data_are(dataset: clinic.Dataset) -> None:
    sentence = str(dataset)
    assert sentence.count("\n") == 0
    for word in ("Breast Cancer Wisconsin", "569 patients", "212 malignant", "357 benign", "not simulated"):
        assert word in sentence
    pretended = replace(dataset, card=replace(dataset.card, simulated="drawn at random"))
    assert "simulated: drawn at random" in str(pretended)
    assert "not simulated" not in str(pretended)


def test_hash_on_the_card(dataset: clinic.Dataset) -> None:
    (file,) = dataset.card.files
    assert f"sha256:{hashlib.sha256(dataset.csv()).hexdigest()}" == file.hash


def test_csv_holds_table_and_target(dataset: clinic.Dataset) -> None:
    lines = dataset.csv().decode().split("\n")
    assert lines[0].startswith("patient,mean radius,")
    assert lines[0].endswith(",malignant")
    assert len(lines) == 569 + 2  # the header, and nothing after the last newline
    assert lines[1].startswith("1,17.99,")
    assert lines[1].endswith(",1")


def test_dataset_and_card_are_frozen(dataset: clinic.Dataset) -> None:
    with pytest.raises(FrozenInstanceError):
        dataset.name = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        dataset.card.consent = "given"  # type: ignore[misc]


def test_nhefs_holds_adults_and_their_deaths() -> None:
    nhefs = clinic.load_nhefs()
    assert str(nhefs).startswith("NHANES I")
    assert "1629 adults, 318 dead by 1992 and 1311 alive" in str(nhefs)
    assert nhefs.table.index.is_unique
    assert "death" not in nhefs.table.columns
    # Only the dead have a year of death; a second look at the outcome that does not go through the column.
    np.testing.assert_array_equal(nhefs.target == 1, nhefs.table["yrdth"].notna())


def test_covid_tests_leave_out_the_invalid_and_keep_the_subject() -> None:
    covid = clinic.load_covid_testing()
    assert "15223 tests, 865 positive and 14358 negative" in str(covid)
    assert not {"result", "fake_first_name", "fake_last_name"} & set(covid.table.columns)
    assert covid.table["subject_id"].nunique() < len(covid.table)
    # A positive test is one whose reading crossed the machine's threshold early.
    reading = covid.table["ct_result"]
    assert reading[covid.target == 1].median() < reading[covid.target == 0].median()


@pytest.mark.parametrize(("name", "load"), [("nhefs", clinic.load_nhefs), ("covid-testing", clinic.load_covid_testing)])
def test_table_in_the_course_is_the_one_on_its_card(name: str, load: Callable[[], clinic.Dataset]) -> None:
    (file,) = load().card.files
    kept = Path(data.__file__).parent / file.name
    assert f"sha256:{hashlib.sha256(kept.read_bytes()).hexdigest()}" == file.hash


def test_liver_patients_are_fetched(public_data: Path) -> None:
    liver = clinic.fetch_liver()
    assert "583 patients, 416 with liver disease and 167 without" in str(liver)
    # The sick have the higher bilirubin.
    bilirubin = liver.table["Total_Bilirubin"]
    assert bilirubin[liver.target == 1].median() > bilirubin[liver.target == 0].median()
