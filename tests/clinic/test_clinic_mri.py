"""Images of the head: each formula against another program or a case worked by hand."""

import hashlib
from importlib.resources import files
from pathlib import Path

import clinic
import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813
from clinic import mri
from clinic.mri import Tissue
from scipy import ndimage, stats
from sklearn.metrics import f1_score, mutual_info_score


@pytest.fixture(scope="module")
def template() -> mri.Template:
    return mri.load_mni152(4)


@pytest.fixture(scope="module")
def simulated() -> mri.Slice:
    return mri.simulate_multispectral()


def test_spin_echo_at_its_limits() -> None:
    tissue = Tissue(density=0.8, t1=1000, t2=100)
    assert mri.spin_echo(tissue, tr=1e9, te=0) == pytest.approx(0.8)
    assert mri.spin_echo(tissue, tr=0, te=0) == 0
    assert mri.spin_echo(tissue, tr=1000 * np.log(2), te=0) == pytest.approx(0.4)
    assert mri.spin_echo(tissue, tr=1e9, te=100 * np.log(4)) == pytest.approx(0.2)


def test_spoiled_gradient_echo_at_its_limits() -> None:
    tissue = Tissue(density=0.8, t1=1000, t2=100)
    # With a flip of 90 degrees nothing is left of the earlier magnetisation, as in a spin echo.
    assert mri.spoiled_gradient_echo(tissue, 500, 10, 90) == pytest.approx(mri.spin_echo(tissue, 500, 10))
    # With a very long TR only the sine of the flip counts.
    assert mri.spoiled_gradient_echo(tissue, 1e9, 0, 30) == pytest.approx(0.4)
    assert mri.spoiled_gradient_echo(tissue, 500, 0, 0) == 0
    # The signal is largest at the Ernst angle, whose cosine is exp(-TR/T1).
    flips = np.linspace(1, 90, 8901)
    best = flips[np.argmax([mri.spoiled_gradient_echo(tissue, 50, 0, flip) for flip in flips])]
    assert np.cos(np.radians(best)) == pytest.approx(np.exp(-0.05), abs=1e-3)


@pytest.mark.parametrize("signal", [0.0, 1.0, 6.0])
def test_noise_is_that_of_a_rice_distribution(signal: float) -> None:
    measured = mri.rician(np.full(4000, signal), 1.5, np.random.default_rng(1))
    assert stats.kstest(measured, stats.rice(signal / 1.5, scale=1.5).cdf).pvalue > 0.01
    assert measured.min() >= 0


def test_bias_field_has_its_strength() -> None:
    field = mri.bias_field((20, 30, 10), 0.3, seed=2)
    assert field.shape == (20, 30, 10)
    assert (field.min(), field.max()) == pytest.approx((0.7, 1.3))
    assert np.abs(np.diff(field, axis=0)).max() < 0.15  # smooth
    assert not np.allclose(field, mri.bias_field((20, 30, 10), 0.3, seed=3))


def test_bias_correction_finds_the_field_that_was_put_in(template: mri.Template) -> None:
    brain = ndimage.binary_fill_holes(template.t1 > 0)
    field = mri.bias_field(brain.shape, 0.5, seed=3)
    even = np.where(brain, 1 + template.white, 0)
    found = mri.correct_bias(even * field, brain, shrink=2)
    assert found[brain].mean() == pytest.approx(1)
    assert np.corrcoef(found[brain], field[brain])[0, 1] > 0.95


def test_volume_counts_the_determinant() -> None:
    mask = np.zeros((4, 5, 6))
    mask[1:3, 1:3, 1:6] = 1
    assert mri.volume_ml(mask, np.diag([-2.0, 2, 3, 1])) == pytest.approx(20 * 12 / 1000)
    turned = nib.affines.from_matvec([[0.8, -0.6, 0], [0.6, 0.8, 0], [0, 0, 4]], [1, 2, 3])
    assert mri.volume_ml(0.5 * mask, turned) == pytest.approx(0.5 * 20 * 4 / 1000)


def test_dice() -> None:
    assert mri.dice([1, 1, 1, 0, 0], [0, 1, 1, 1, 1]) == pytest.approx(4 / 7)  # 2 · 2 / (3 + 4)
    assert np.isnan(mri.dice([0, 0], [0, 0]))
    rng = np.random.default_rng(3)
    one, two = rng.random((2, 6, 7)) > 0.6
    assert mri.dice(one, two) == pytest.approx(f1_score(one.ravel(), two.ravel()))


def test_mutual_information_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    first = rng.random(500)
    second = (first > 0.5) + 0.1 * rng.random(500)
    codes = [
        np.digitize(image, np.histogram_bin_edges(image, 8)[1:-1]) for image in (first, second)
    ]  # fmt: skip
    assert mri.mutual_information(first, second, bins=8) == pytest.approx(mutual_info_score(*codes))
    assert mri.mutual_information(first, -second, 8) == pytest.approx(
        mri.mutual_information(first, second, 8), rel=0.02
    )


def test_dicom_affine_is_that_of_simpleitk() -> None:
    scan = mri.load_dicom("MR_small")
    reader = sitk.ReadImage(scan.filename)
    for row, column in ((0, 0), (5, 9), (63, 1)):
        x, y, z = reader.TransformIndexToPhysicalPoint((column, row, 0))
        np.testing.assert_allclose((mri.dicom_affine(scan) @ [row, column, 0, 1])[:3], [-x, -y, z])


def test_dicom_affine_of_a_sagittal_slice_with_unequal_spacing() -> None:
    scan = mri.load_dicom("MR_small")
    scan.ImageOrientationPatient, scan.ImagePositionPatient = [0, 1, 0, 0, 0, -1], [12, -110, 90]
    scan.PixelSpacing, scan.SliceThickness = [2, 3], 5
    affine = mri.dicom_affine(scan)
    np.testing.assert_allclose(affine @ [0, 0, 0, 1], [-12, 110, 90, 1])
    np.testing.assert_allclose(affine @ [1, 2, 0, 1], [-12, 110 - 6, 90 - 2, 1])
    assert abs(np.linalg.det(affine)) == pytest.approx(30)
    with_nibabel = nib.affines.apply_affine(affine, [[1, 2, 0]])
    np.testing.assert_allclose(with_nibabel, [[-12, 104, 88]])


@pytest.mark.parametrize(
    ("card", "folder"), [("mni152", "nilearn/datasets/data"), ("pydicom-samples", "pydicom/data/test_files")]
)
def test_packaged_files_are_those_on_their_card(card: str, folder: str) -> None:
    package, _, rest = folder.partition("/")
    for file in clinic.load_card(card).files:
        content = (files(package) / rest / file.name).read_bytes()
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == file.hash


def test_template_is_symmetric_and_in_millimetres() -> None:
    whole, coarse = mri.load_mni152(), mri.load_mni152(2)
    assert whole.t1.shape == (197, 233, 189)
    assert nib.aff2axcodes(whole.affine) == ("R", "A", "S")
    np.testing.assert_array_equal(whole.t1, whole.t1[::-1])
    # A voxel of the coarse template lies where it lay in the fine one.
    np.testing.assert_allclose(coarse.affine @ [10, 20, 30, 1], whole.affine @ [20, 40, 60, 1])
    assert coarse.t1[10, 20, 30] == whole.t1[20, 40, 60]
    assert whole.grey.min() >= 0
    assert whole.grey.max() == 1


def test_schematic_head_has_its_layers(template: mri.Template) -> None:
    padded = mri._padded(template, 6)
    labels = mri.simulate_labels(padded)
    assert set(np.unique(labels)) == set(mri.CLASSES)
    # The middle of the brain's white matter, and the air in the corner.
    assert labels[np.unravel_index(padded.white.argmax(), labels.shape)] == 3
    assert labels[0, 0, 0] == 1
    # From the crown upwards: fluid, bone, muscle, fat, air.
    column = labels[tuple(size // 2 for size in labels.shape[:2])]
    top = column[np.flatnonzero(padded.t1[tuple(size // 2 for size in labels.shape[:2])]).max() + 1 :]
    order = [int(label) for label in top[np.r_[True, np.diff(top.astype(int)) != 0]]]
    assert order[-3:] == [5, 6, 1]


def test_scan_without_blur_gives_each_tissue_its_signal() -> None:
    labels = np.array([[2, 3], [4, 1]])
    scan = mri.simulate_scan(labels, {"grey matter": 0.3, "white matter": 0.4, "CSF": 0.1}, blur=0)
    np.testing.assert_allclose(scan, [[0.3, 0.4], [0.1, 0.0]])


def test_threshold_finds_the_brain_in_a_ball_within_a_shell() -> None:
    grid = np.indices((41, 41, 41)) - 20
    radius = np.sqrt((grid**2).sum(axis=0))
    head = np.where(radius < 12, 1.0, 0.0) + np.where((radius > 15) & (radius < 18), 1.2, 0.0)
    mask = mri.threshold_brain_mask(head, width=2)
    assert mri.dice(mask, radius < 12) > 0.97
    assert not mask[radius > 14].any()


def test_network_finds_the_brain() -> None:
    head, brain, affine = mri.simulate_head(4)
    mask = mri.deep_brain_mask(head, affine)
    assert mask.shape == brain.shape
    assert mri.dice(mask, brain) > 0.9
    # The head was padded, so its voxels moved; their places in millimetres did not.
    bare = mri.load_mni152(4)
    there, here = (np.argwhere(ndimage.binary_fill_holes(part)).mean(axis=0) for part in (bare.t1 > 0, brain))
    np.testing.assert_allclose(nib.affines.apply_affine(affine, here), nib.affines.apply_affine(bare.affine, there))


def test_registration_finds_the_movement_that_was_made() -> None:
    labels = mri.simulate_labels(mri.load_mni152(2))
    fixed, other = (
        mri.simulate_scan(labels, {name: mri.spin_echo(tissue, tr, te) for name, tissue in mri.ASSUMED.items()})
        for tr, te in ((500, 15), (3000, 100))
    )
    shift = np.array([6.0, -4.0, 2.0])
    moving = mri.move_rigid(other, 8.0, shift, 2.0)
    angles, found, moved = mri.register_rigid(fixed, moving, 2.0)
    assert mri.rigid_error(fixed.shape, 2.0, 8.0, shift, angles, found) < 1  # half a voxel
    assert mri.mutual_information(fixed, moved) > mri.mutual_information(fixed, moving)


def test_error_of_a_registration_that_found_nothing() -> None:
    nothing = np.zeros(3)
    assert mri.rigid_error((5, 5, 5), 2.0, 0.0, np.array([3.0, 0, 4]), nothing, nothing) == pytest.approx(5)
    assert mri.rigid_error(
        (5, 5, 5), 2.0, 0.0, np.array([3.0, 0, 4]), nothing, np.array([-3.0, 0, -4])
    ) == pytest.approx(0)
    # A turn of 90 degrees takes each corner to its neighbour, a side of 8 mm away.
    assert mri.rigid_error((5, 5, 5), 2.0, 90.0, nothing, nothing, nothing) == pytest.approx(8)


def test_movement_is_the_one_that_simpleitk_makes() -> None:
    image = np.random.default_rng(5).random((12, 14, 10))
    transform = sitk.Euler3DTransform()
    original = sitk.GetImageFromArray(image.T)
    original.SetSpacing([2.0] * 3)
    transform.SetCenter(original.TransformContinuousIndexToPhysicalPoint([(size - 1) / 2 for size in image.shape]))
    transform.SetRotation(0, 0, np.radians(8))
    transform.SetTranslation([3.0, -1.0, 2.0])
    expected = sitk.GetArrayFromImage(sitk.Resample(original, original, transform)).T
    ours = mri.move_rigid(image, 8.0, np.array([3.0, -1.0, 2.0]), 2.0)
    inner = np.s_[3:-3, 3:-3, 3:-3]
    np.testing.assert_allclose(ours[inner], expected[inner], atol=1e-6)


def test_simulated_slice_has_the_form_of_the_real_one(simulated: mri.Slice) -> None:
    assert simulated.channels.shape == (*simulated.training.shape, 4)
    assert simulated.truth is not None
    drawn = simulated.training > 0
    np.testing.assert_array_equal(simulated.training[drawn], simulated.truth[drawn])
    assert set(simulated.training[drawn]) == set(mri.CLASSES)
    assert "simulated:" in str(simulated)
    assert "not simulated" not in str(simulated)
    np.testing.assert_array_equal(simulated.channels, mri.simulate_multispectral().channels)


def test_real_slice_is_fetched(public_data: Path) -> None:
    real = mri.fetch_multispectral()
    assert real.channels.shape == (256, 256, 4)
    assert real.truth is None
    assert "one slice of one person, 256 × 256 pixels, four contrasts, 1986 pixels drawn" in str(real)
    assert "not simulated" in str(real)
    # The channels are those of the DICOM files, in this order.
    for number, name in enumerate(real.contrasts):
        stored = sitk.GetArrayFromImage(
            sitk.ReadImage(str(public_data / "multispectral-mri" / f"{name.lower()}_060.dcm"))
        )
        np.testing.assert_array_equal(real.channels[:, ::-1, number].T, stored.squeeze())
    # White matter is brighter than grey in FLASH, a T1-weighted sequence; fluid is brightest in PSIF.
    mean = {label: real.channels[real.training == label].mean(axis=0) for label in (2, 3, 4)}
    assert mean[3][0] > mean[2][0] > mean[4][0]
    assert mean[4][3] > mean[2][3]
