"""Regions from labels, and measures of agreement, against MONAI and against cases worked by hand."""

import math

import numpy as np
import pytest
import torch
from clinic import regions
from monai.metrics import DiceMetric, HausdorffDistanceMetric


def two_masks(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, b = np.zeros((2, 14, 12, 10), dtype=bool)
    a[3:9, 2:8, 2:7] = rng.random((6, 6, 5)) < 0.9
    b[4:11, 3:8, 1:6] = rng.random((7, 5, 5)) < 0.9
    return a, b


def test_each_data_set_has_its_own_numbers() -> None:
    # No tumour, oedema, core, enhancing tumour: as the two data sets write them.
    expected = [[False, True, True, True], [False, False, True, True], [False, False, False, True]]
    for label, coding in (([0, 1, 2, 3], regions.MSD), ([0, 2, 1, 4], regions.BRATS)):
        np.testing.assert_array_equal(regions.to_regions(np.reshape(label, (4, 1, 1)), coding)[..., 0, 0], expected)


def test_numbers_of_another_data_set_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\[4\]"):
        regions.to_regions(np.array([[[0, 1, 2, 4]]]), regions.MSD)
    with pytest.raises(ValueError, match=r"\[3\]"):
        regions.to_regions(np.array([[[0, 1, 2, 3]]]), regions.BRATS)


def test_labels_become_regions_and_labels_again() -> None:
    label = np.random.default_rng(1).integers(0, 4, size=(5, 6, 7)).astype(np.uint8)
    np.testing.assert_array_equal(regions.to_labels(regions.to_regions(label)), label)
    in_brats = regions.to_labels(regions.to_regions(label), regions.BRATS)
    np.testing.assert_array_equal(in_brats, np.array([0, 2, 1, 4])[label])


def test_regions_that_stick_out_are_cut() -> None:
    # Enhancing outside the core, core outside the whole tumour, enhancing in the core outside the whole tumour.
    loose = np.array([[1, 0, 0, 1], [0, 1, 1, 1], [1, 0, 1, 1]], dtype=bool).reshape(3, 4, 1, 1)
    assert regions.to_labels(loose).ravel().tolist() == [1, 0, 0, 3]


@pytest.mark.parametrize("seed", range(4))
def test_dice_and_hausdorff_are_those_of_monai(seed: int) -> None:
    a, b = two_masks(seed)
    first, second = (torch.from_numpy(one)[None, None].float() for one in (a, b))
    assert regions.dice(a, b) == pytest.approx(DiceMetric()(second, first).item(), rel=1e-6)
    for spacing in ((1.0, 1.0, 1.0), (0.8, 1.2, 5.0)):
        metric = HausdorffDistanceMetric(percentile=95, include_background=True)
        expected = metric(second, first, spacing=list(spacing)).item()
        assert regions.hausdorff95(a, b, spacing) == pytest.approx(expected, rel=1e-5)


def test_hausdorff_by_hand() -> None:
    # Two single voxels, two apart along the last axis with slices of 5 mm.
    a, b = np.zeros((2, 5, 5, 5), dtype=bool)
    a[2, 2, 1] = b[2, 2, 3] = True
    assert regions.hausdorff95(a, b, (1, 1, 5)) == 10
    # A bar of 41 voxels, and the same with one far voxel more: 1 of 42 is more than 5 % away from counting.
    a, b = np.zeros((2, 60, 1, 1), dtype=bool)
    a[:41] = b[:41] = True
    b[59] = True
    assert regions.hausdorff95(a, b, (1, 1, 1)) == 0
    assert regions.hausdorff95(a, a, (1, 1, 1)) == 0


def test_empty_masks() -> None:
    nothing, something = np.zeros((4, 4, 4), dtype=bool), np.ones((4, 4, 4), dtype=bool)
    assert math.isnan(regions.dice(nothing, nothing))
    assert regions.dice(nothing, something) == regions.dice(something, nothing) == 0
    for a, b in ((nothing, nothing), (nothing, something), (something, nothing)):
        assert math.isnan(regions.hausdorff95(a, b, (1, 1, 1)))
    # MONAI leaves out a patient without the region by default, and calls the Dice of nothing and nothing nan.
    blank = torch.zeros(1, 1, 4, 4, 4)
    assert math.isnan(DiceMetric(reduction="none")(blank, blank).item())


def test_volume_in_millilitres() -> None:
    mask = np.zeros((10, 10, 10), dtype=bool)
    mask[:2, :5, :10] = True
    assert regions.volume_ml(mask, np.diag([1, 1, 1, 1])) == pytest.approx(0.1)
    assert regions.volume_ml(mask, np.diag([-0.5, 0.5, 6, 1])) == pytest.approx(0.15)
    turn = np.array([[0, -2.0, 0, 7], [2.0, 0, 0, -3], [0, 0, 3.0, 1], [0, 0, 0, 1]])
    assert regions.volume_ml(mask, turn) == pytest.approx(1.2)


def test_agreement_of_a_patient() -> None:
    truth, said = np.zeros((2, 3, 8, 8, 8), dtype=bool)
    truth[0, 2:6, 2:6, 2:6] = said[0, 2:6, 2:6, 2:4] = True
    said[1, 3, 3, 3] = True
    table = regions.agreement("P1", truth, said, np.diag([2.0, 2.0, 5.0, 1.0])).set_index("region")
    assert table["case"].to_dict() == {"WT": "both present", "TC": "false alarm", "ET": "both empty"}
    assert table.loc["WT", "Dice"] == pytest.approx(2 * 32 / 96)
    assert table.loc["WT", "HD95"] == 10
    assert table.loc["WT", "error"] == pytest.approx(-32 * 20 / 1000)
    assert table.loc["TC", "Dice"] == 0
    assert math.isnan(table.loc["ET", "Dice"])


def test_interval_of_a_mean_by_patient() -> None:
    values = np.arange(100) / 100
    low, mean, high = regions.interval([*values, math.nan], 4000, 1)
    assert mean == pytest.approx(0.495)
    error = values.std() / 10
    assert low == pytest.approx(0.495 - 1.96 * error, abs=0.005)
    assert high == pytest.approx(0.495 + 1.96 * error, abs=0.005)
    assert all(math.isnan(one) for one in regions.interval([math.nan], 10, 1))
