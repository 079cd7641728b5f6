"""The data sets and their cards."""

import hashlib
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import clinic
import numpy as np
import pytest
import yaml
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
    assert hashlib.sha256(dataset.csv()).hexdigest() == dataset.card.sha256


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


def test_card_leaves_no_field_empty() -> None:
    card = clinic.load_card("breast-cancer")
    for field in fields(card):
        if field.name != "simulated":
            assert getattr(card, field.name), field.name
    assert card.simulated is None
    assert card.consent == "not documented"


def test_unknown_card() -> None:
    with pytest.raises(ValueError, match=r"no data card 'liver'.*breast-cancer"):
        clinic.load_card("liver")


@pytest.mark.parametrize(("change", "field"), [({"licence": None}, "licence"), ({"colour": "blue"}, "colour")])
def test_card_with_a_wrong_field(
    change: dict[str, str | None], field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Path(data.__file__).parent / "cards" / "breast-cancer.yml"
    content = yaml.safe_load(original.read_text(encoding="utf-8")) | change
    content = {key: value for key, value in content.items() if value is not None or key == "simulated"}
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "broken.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.setattr(data, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=f"missing or unknown: {field}"):
        clinic.load_card("broken")
