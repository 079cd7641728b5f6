"""The simulated patients: the equation of growth, the scans, and the cache."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from clinic import tumour


def grown(diffusion: float, growth: float, steps: int, **more: float) -> np.ndarray:
    shape = (31, 31, 31)
    return tumour.grow(
        (15, 15, 15),
        np.full(shape, diffusion, dtype=np.float32),
        np.full(shape, growth, dtype=np.float32),
        **{"spacing": 3.0, "visible": 0.2, "volume": 1e9, "longest": steps} | more,
    )


def test_diffusion_alone_keeps_the_number_of_cells_and_spreads_them() -> None:
    density = grown(0.1, 0.0, 40)
    assert density.sum() == pytest.approx(1, rel=1e-4)
    # The variance along one axis grows by 2 D t; the time is 40 steps of 0.9 dx² / 6 D.
    days = 40 * 0.9 * 9 / (6 * 0.1)
    offset = 3.0 * (np.arange(31) - 15)
    assert (density.sum(axis=(1, 2)) * offset**2).sum() == pytest.approx(2 * 0.1 * days, rel=0.02)


def test_growth_alone_is_logistic() -> None:
    start = np.zeros((3, 3, 3), dtype=np.float32)
    density = tumour.grow((1, 1, 1), start, start + np.float32(0.02), spacing=3.0, visible=0.2, volume=1e9, longest=50)
    assert density[1, 1, 1] == 1  # full, so it stays
    assert density.sum() == 1  # and nothing spreads


def test_the_front_moves_at_the_speed_of_the_equation() -> None:
    # Fisher's speed is 2 sqrt(D rho), reached from below; within a tenth of it on so coarse a grid, and so early.
    diffusion, growth, length = 0.5, 0.02, 400
    rod = np.full((length, 1, 1), diffusion, dtype=np.float32)
    step = 0.9 * 9 / (6 * diffusion + 9 * growth)
    reached = [
        np.count_nonzero(
            tumour.grow((0, 0, 0), rod, np.full_like(rod, growth), spacing=3.0, visible=0.5, volume=1e9, longest=steps)
            > 0.5
        )
        for steps in (200, 400)
    ]
    speed = (reached[1] - reached[0]) * 3.0 / (200 * step)
    assert speed == pytest.approx(2 * np.sqrt(diffusion * growth), rel=0.1)


def test_nothing_grows_through_a_wall_and_growth_ends_at_the_volume() -> None:
    diffusion = np.full((20, 9, 9), 0.2, dtype=np.float32)
    diffusion[10] = 0
    growth = np.where(diffusion > 0, np.float32(0.02), np.float32(0))
    density = tumour.grow((4, 4, 4), diffusion, growth, spacing=3.0, visible=0.2, volume=60, longest=500)
    assert not density[10:].any()
    assert 60 <= np.count_nonzero(density > 0.2) < 120


@pytest.fixture(scope="module")
def cases() -> list[tumour.Case]:
    return [tumour.simulate(seed) for seed in range(6)]


def test_a_patient_has_four_sequences_and_a_tumour_within_the_brain(cases: list[tumour.Case]) -> None:
    for case in cases:
        assert case.image.shape == (4, *case.label.shape)
        assert set(np.unique(case.label)) <= {0, 1, 2, 3}
        assert not ((case.label > 0) & (case.image[0] == 0)).any()
        assert 10 < np.count_nonzero(case.label) * 27 / 1000 < 200  # ml


def test_tissues_look_as_the_lab_says(cases: list[tumour.Case]) -> None:
    t1, t1c, flair = 0, 1, 3
    for case in cases:
        brain = (case.image[0] > 0) & (case.label == 0)
        mean = {
            code: case.image[:, case.label == code].mean(axis=1)
            for code in (1, 2, 3)
            if (case.label == code).sum() > 30
        }
        healthy = case.image[:, brain].mean(axis=1)
        assert mean[1][flair] > 1.15 * healthy[flair]  # oedema is bright on FLAIR
        if 2 in mean:
            assert mean[2][t1] < healthy[t1]
        if 3 in mean:
            assert mean[3][t1c] > 1.3 * healthy[t1c]  # enhancing tumour is bright with contrast agent
            assert mean[3][t1] < healthy[t1] * 1.05  # and not without


def test_patients_differ_and_a_seed_gives_the_same_one(cases: list[tumour.Case]) -> None:
    again = tumour.simulate(2)
    np.testing.assert_array_equal(again.image, cases[2].image)
    np.testing.assert_array_equal(again.label, cases[2].label)
    brains = [case.image[0] > 0 for case in cases]
    for one, other in pairwise(brains):
        assert np.mean(one != other) > 0.01  # another head, not only another tumour
    assert len({case.patient for case in cases}) == 6


def test_a_missing_sequence_and_another_scanner(cases: list[tumour.Case]) -> None:
    without = tumour.without(cases[0], "FLAIR")
    assert not without.image[3].any()
    np.testing.assert_array_equal(without.image[:3], cases[0].image[:3])
    assert cases[0].image[3].any()
    other = tumour.elsewhere(cases[0], 1)
    np.testing.assert_array_equal(other.image != 0, cases[0].image != 0)
    np.testing.assert_array_equal(other.label, cases[0].label)
    np.testing.assert_array_equal(other.image, tumour.elsewhere(cases[0], 1).image)
    assert not tumour.elsewhere(without, 1).image[3].any()
    np.testing.assert_allclose(tumour.elsewhere(cases[0], 1, 0.0).image, cases[0].image, rtol=1e-5)
    inside = cases[0].image[1] != 0
    assert 0.5 < np.corrcoef(other.image[1][inside], cases[0].image[1][inside])[0, 1] < 0.98


def test_the_cache_gives_the_same_and_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tumour.fetch, "cache", lambda: tmp_path / "cache")
    made = tumour.cohort([3, 4])
    (kept,) = (tmp_path / "cache").rglob("*.npz")
    monkeypatch.setattr(tumour, "simulate", lambda seed: pytest.fail("made again"))
    read = tumour.cohort([3, 4])
    for one, other in zip(made, read, strict=True):
        np.testing.assert_array_equal(one.image, other.image)
        np.testing.assert_array_equal(one.label, other.label)
        assert one.patient == other.patient
    monkeypatch.undo()
    kept.write_bytes(b"damaged")
    monkeypatch.setattr(tumour.fetch, "cache", lambda: tmp_path / "cache")
    assert tumour.cohort([3, 4])[0].patient == "S3"
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(tumour.fetch, "cache", lambda: tmp_path / "file")
    np.testing.assert_array_equal(tumour.cohort([3])[0].image, made[0].image)
