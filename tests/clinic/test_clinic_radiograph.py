"""Simulated radiographs, and the loader of real ones."""

import hashlib
from dataclasses import replace
from pathlib import Path

import clinic
import numpy as np
import pytest
from clinic import fetch as module
from clinic import network, radiograph
from clinic.card import File


@pytest.fixture(scope="module")
def at_a() -> radiograph.Radiographs:
    return radiograph.simulate(radiograph.HOSPITAL_A, patients=60, seed=1)


def test_images_have_the_shape_and_range_that_they_promise(at_a: radiograph.Radiographs) -> None:
    assert at_a.images.shape == at_a.nodule.shape == (120, 32, 32)
    assert at_a.images.dtype == np.float32
    assert at_a.images.min() >= 0
    assert at_a.images.max() <= 1
    assert len(at_a) == 120


def test_half_of_the_patients_are_ill_and_all_images_of_a_patient_agree(at_a: radiograph.Radiographs) -> None:
    owners, counts = np.unique(at_a.patient, return_counts=True)
    assert (counts == 2).all()
    ill = [set(at_a.ill[at_a.patient == owner]) for owner in owners]
    assert all(len(answers) == 1 for answers in ill)
    assert sum(answers == {1} for answers in ill) == 30


def test_the_nodule_lies_on_the_side_that_is_named_and_only_in_the_ill(at_a: radiograph.Radiographs) -> None:
    np.testing.assert_array_equal(at_a.nodule.any(axis=(1, 2)), at_a.ill == 1)
    np.testing.assert_array_equal(at_a.side == "none", at_a.ill == 0)
    column = np.array([np.argwhere(one)[:, 1].mean() if one.any() else np.nan for one in at_a.nodule])
    assert (column[at_a.side == "left"] > 15.5).all()  # the patient's left is on the right of the picture
    assert (column[at_a.side == "right"] < 15.5).all()


def test_the_nodule_is_brighter_than_the_same_place_in_the_well(at_a: radiograph.Radiographs) -> None:
    well = at_a.images[at_a.ill == 0].mean(axis=0)
    inside = [image[place].mean() - well[place].mean() for image, place in zip(at_a.images, at_a.nodule, strict=True)
              if place.any()]  # fmt: skip
    assert np.mean(inside) > 0.08


def test_the_same_seed_gives_the_same_images_and_another_seed_others(at_a: radiograph.Radiographs) -> None:
    again = radiograph.simulate(radiograph.HOSPITAL_A, patients=60, seed=1)
    np.testing.assert_array_equal(again.images, at_a.images)
    other = radiograph.simulate(radiograph.HOSPITAL_A, patients=60, seed=2)
    assert np.abs(other.images - at_a.images).max() > 0.1


def test_the_marker_is_put_on_as_often_as_the_hospital_says_and_changes_nothing_else(
    at_a: radiograph.Radiographs,
) -> None:
    habit = replace(radiograph.HOSPITAL_A, marker_ill=1.0, marker_well=0.0)
    marked = radiograph.simulate(habit, patients=60, seed=1)
    np.testing.assert_array_equal(marked.marker, marked.ill == 1)
    assert not at_a.marker.any()
    difference = marked.images != at_a.images
    assert not difference[marked.ill == 0].any()
    assert difference[marked.ill == 1].sum(axis=(1, 2)).max() == 6  # the pixels of the letter
    assert not difference[:, 8:, :].any()


def test_hospital_b_has_less_contrast() -> None:
    spread = {
        hospital.name: radiograph.simulate(replace(hospital, noise=0), patients=30, seed=3).images.std()
        for hospital in (radiograph.HOSPITAL_A, radiograph.HOSPITAL_B)
    }
    assert spread["B"] < 0.85 * spread["A"]


def test_split_keeps_patients_together_and_the_share_of_the_ill(at_a: radiograph.Radiographs) -> None:
    parts = at_a.split((0.5, 0.3, 0.2), seed=4)
    owners = [set(part.patient) for part in parts]
    assert [len(one) for one in owners] == [30, 18, 12]
    assert not owners[0] & owners[1]
    assert not owners[0] & owners[2]
    assert not owners[1] & owners[2]
    assert all(part.ill.mean() == 0.5 for part in parts)
    again = at_a.split((0.5, 0.3, 0.2), seed=4)
    assert owners == [set(part.patient) for part in again]
    assert owners != [set(part.patient) for part in at_a.split((0.5, 0.3, 0.2), seed=5)]


def test_one_sentence_says_that_they_are_simulated(at_a: radiograph.Radiographs) -> None:
    for words in ("120 images of 60 patients", "hospital A", "30 with a nodule", "simulated"):
        assert words in str(at_a)
    assert clinic.load_card("two-hospitals").simulated


def test_pneumonia_is_read_from_a_file_of_the_publishers_form_and_trained_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of the full profile, one epoch of it on the CPU."""
    generator = np.random.default_rng(1)
    made = {}
    for part, number in (("train", 12), ("val", 6), ("test", 8)):
        made[f"{part}_images"] = generator.integers(0, 256, (number, 28, 28), dtype=np.uint8)
        made[f"{part}_labels"] = (np.arange(number) % 2 == 0).astype(np.uint8)[:, None]
    file = tmp_path / "mirror" / "pneumoniamnist" / "pneumoniamnist.npz"
    file.parent.mkdir(parents=True)
    np.savez(file, **made)
    known = f"md5:{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}"
    card = clinic.load_card("pneumoniamnist")
    assert card.files[0].hash == "md5:28209eda62fecd6e6a2d98b1501bb15f"
    listed = replace(card, files=(File("pneumoniamnist/pneumoniamnist.npz", known, None),))
    monkeypatch.setattr(module, "load_card", lambda _: listed)
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    training, validation, test = radiograph.fetch_pneumonia()
    assert [len(part.ill) for part in (training, validation, test)] == [12, 6, 8]
    np.testing.assert_allclose(training.images, made["train_images"] / 255, rtol=1e-6)
    np.testing.assert_array_equal(training.ill, [1, 0] * 6)
    assert "test set, 8 images, 4 with pneumonia; real measurements, not simulated" in str(test)
    model = network.cnn(seed=1, channels=2)
    history = network.fit(model, training, validation, epochs=1, seed=1, batch=128, augment=[network.shift])
    assert len(history.train_loss) == 1
    assert network.logits(model, test.images).shape == (8,)
