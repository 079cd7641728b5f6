"""Training and prediction, in small; the bar of the lab is a slow test."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from clinic import regions, segment, tumour

CPU = torch.device("cpu")
SMALL = replace(segment.QUICK, filters=4, patch=(16, 16, 16), steps=3)


def toy(seed: int, size: int = 24) -> tumour.Case:
    """A bright ball in noise, with a brighter core."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform(8, 16, size=3)
    far = np.sqrt(((np.indices((size,) * 3) - middle[:, None, None, None]) ** 2).sum(axis=0))
    label = np.select([far < 2, far < 3.5, far < 5.5], [3, 2, 1], 0).astype(np.uint8)
    image = 100 + 5 * rng.normal(size=(4, *label.shape)) + 30 * np.stack([label, label == 3, label == 2, label > 0])
    return tumour.Case(f"T{seed}", image.astype(np.float32), label, np.eye(4))


def test_normalised_within_the_brain_and_zero_where_there_is_nothing() -> None:
    image = np.zeros((4, 6, 6, 6), dtype=np.uint8)
    image[:3, 1:5, 1:5, 1:5] = np.random.default_rng(1).integers(1, 255, size=(3, 4, 4, 4))
    scaled = segment.normalise(image)
    inside = image[0] != 0
    np.testing.assert_allclose(scaled[:3][:, inside].mean(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(scaled[:3][:, inside].std(axis=1), 1, atol=1e-5)
    assert not scaled[:, ~inside].any()
    assert not scaled[3].any()


def test_a_patch_is_a_piece_of_a_scan_with_its_truth() -> None:
    cases = [toy(1), toy(2)]
    patches = segment.Patches(cases, SMALL, 7)
    assert len(patches) == SMALL.batch * SMALL.steps
    image, truth = patches[0]
    assert image.shape == (4, 16, 16, 16)
    assert truth.shape == (3, 16, 16, 16)
    # The fourth sequence shows the whole tumour, so a truth that is shifted or mirrored otherwise doesn't fit it.
    assert image[3][truth[0] == 1].mean() > image[3][truth[0] == 0].mean() + 1
    assert image[1][truth[2] == 1].mean() > image[1][truth[2] == 0].mean() + 1
    torch.testing.assert_close(patches[0], segment.Patches(cases, SMALL, 7)[0])
    one, other = (segment.Patches(cases[:1], SMALL, seed)[0][0] for seed in (7, 8))  # of the same patient
    assert not torch.equal(one, other)


def test_training_is_the_same_twice_and_lowers_the_loss() -> None:
    cases = [toy(seed) for seed in range(4)]
    plan = replace(SMALL, filters=8, steps=80, rate=1e-2)
    once, again = (segment.train(cases, plan, 5, CPU) for _ in range(2))
    np.testing.assert_array_equal(once.loss, again.loss)
    assert once.loss[-5:].mean() < 0.7 * once.loss[:5].mean()
    other = toy(9)
    np.testing.assert_array_equal(segment.predict(once, other.image), segment.predict(again, other.image))
    assert regions.dice(other.label > 0, segment.predict(once, other.image)[0] > 0.5) > 0.5


@pytest.mark.parametrize("shape", [(21, 24, 19), (16, 16, 16), (50, 40, 37)])  # the last is larger than two patches
def test_prediction_has_the_shape_of_the_scan_and_stays_within_the_brain(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(1)
    trained = segment.Trained(segment.network(SMALL).eval(), np.zeros(3), SMALL)
    image = np.zeros((4, *shape), dtype=np.float32)
    image[:, 2:-3, 1:-2, 3:] = np.random.default_rng(1).normal(
        100, 10, size=(4, shape[0] - 5, shape[1] - 3, shape[2] - 3)
    )
    image[:, 6:9, 6:9, 7:10] = 0  # a hole within the brain
    probability = segment.predict(trained, image)
    assert probability.shape == (3, *shape)
    inside = image.any(axis=0)
    assert (probability[:, inside] > 0).all()
    assert not probability[:, ~inside].any()
    assert segment.predict(trained, np.zeros_like(image)).sum() == 0


def test_what_lies_outside_the_brain_does_not_change_the_prediction() -> None:
    torch.manual_seed(1)
    trained = segment.Trained(segment.network(SMALL).eval(), np.zeros(3), SMALL)
    case = toy(3)
    wide = np.pad(case.image, ((0, 0), (5, 2), (0, 6), (3, 3)))
    np.testing.assert_allclose(
        segment.predict(trained, wide)[:, 5:-2, :-6, 3:-3], segment.predict(trained, case.image), atol=1e-6
    )


def test_sureness_is_the_expected_dice() -> None:
    assert segment.sureness(np.array([1.0, 1.0, 0.0])) == 1
    assert segment.sureness(np.array([0.4, 0.3])) == 0
    assert segment.sureness(np.array([0.9, 0.6, 0.3])) == pytest.approx(2 * 1.5 / (1.8 + 2))
    # If the probabilities are right and the voxels many, the mean over truths drawn from them is just this.
    rng = np.random.default_rng(1)
    probability = rng.beta(0.4, 1, size=4000)
    drawn = [regions.dice(rng.random(4000) < probability, probability >= 0.5) for _ in range(200)]
    assert segment.sureness(probability) == pytest.approx(np.mean(drawn), abs=0.003)


def test_both_architectures_give_three_scores_a_voxel() -> None:
    for plan in (segment.QUICK, replace(segment.FULL, filters=8)):
        torch.manual_seed(1)
        assert segment.network(plan)(torch.zeros(1, 4, 16, 16, 16)).shape == (1, 3, 16, 16, 16)


@pytest.mark.slow
def test_the_bar_on_unseen_simulated_patients() -> None:
    # Other patients and another seed than the notebook's.
    trained = segment.train(tumour.cohort(range(500, 540)), segment.QUICK, 1, CPU)
    scores = []
    for case in tumour.cohort(range(540, 560)):
        said = regions.to_regions(regions.to_labels(segment.predict(trained, case.image) >= 0.5))
        truth = regions.to_regions(case.label)
        scores.append([regions.dice(a, b) if a.any() else np.nan for a, b in zip(truth, said, strict=True)])
    whole, core, enhancing = np.nanmean(scores, axis=0)
    assert whole >= 0.85
    assert core >= 0.75
    assert enhancing >= 0.60
