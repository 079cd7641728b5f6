"""Magnetic resonance images of the head: real ones to read, simulated ones whose truth is known."""

# mypy: disable-error-code="no-untyped-call"
# nibabel, SimpleITK and scikit-image leave some of their functions without types.

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage
from skimage.filters import threshold_otsu

from clinic.card import load_card
from clinic.fetch import download

__all__ = [
    "ASSUMED",
    "CLASSES",
    "Slice",
    "Template",
    "Tissue",
    "bias_field",
    "correct_bias",
    "deep_brain_mask",
    "dice",
    "dicom_affine",
    "fetch_multispectral",
    "load_dicom",
    "load_mni152",
    "move_rigid",
    "mutual_information",
    "register_rigid",
    "rician",
    "rigid_error",
    "simulate_head",
    "simulate_labels",
    "simulate_multispectral",
    "simulate_scan",
    "spin_echo",
    "spoiled_gradient_echo",
    "threshold_brain_mask",
    "volume_ml",
]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CLASSES = {1: "background", 2: "grey matter", 3: "white matter", 4: "CSF", 5: "muscle", 6: "fat"}


@dataclass(frozen=True)
class Tissue:
    """What decides how bright a tissue is.

    Parameters
    ----------
    density : float
        Proton density, relative to water.
    t1, t2 : float
        Relaxation times in ms.
    """

    density: float
    t1: float
    t2: float


# Round numbers of the right order for 1.5 tesla, assumed for teaching. The background stands for air and bone.
ASSUMED = {
    "background": Tissue(0.0, 1000.0, 1.0),
    "grey matter": Tissue(0.80, 950.0, 100.0),
    "white matter": Tissue(0.70, 600.0, 80.0),
    "CSF": Tissue(1.00, 4000.0, 2000.0),
    "muscle": Tissue(0.75, 900.0, 45.0),
    "fat": Tissue(0.95, 250.0, 70.0),
}


def spin_echo(tissue: Tissue, tr: float, te: float) -> float:
    """Return the signal of a spin-echo sequence.

    Parameters
    ----------
    tissue : Tissue
        Density and relaxation times.
    tr, te : float
        Repetition time and echo time in ms.
    """
    return float(tissue.density * (1 - np.exp(-tr / tissue.t1)) * np.exp(-te / tissue.t2))


def spoiled_gradient_echo(tissue: Tissue, tr: float, te: float, flip: float) -> float:
    """Return the signal of a spoiled gradient-echo sequence in its steady state.

    Parameters
    ----------
    tissue : Tissue
        Density and relaxation times; T2 stands in for T2*, as if the field were perfectly even.
    tr, te : float
        Repetition time and echo time in ms.
    flip : float
        Flip angle in degrees.
    """
    angle, left = np.radians(flip), np.exp(-tr / tissue.t1)
    steady = np.sin(angle) * (1 - left) / (1 - np.cos(angle) * left)
    return float(tissue.density * steady * np.exp(-te / tissue.t2))


@dataclass(frozen=True, eq=False)
class Template:
    """The average brain of 152 people, with its tissue maps.

    Parameters
    ----------
    t1 : array of float
        T1-weighted brain without skull, from 0 to 1.
    grey, white : array of float
        Share of grey and white matter in each voxel, from 0 to 1.
    affine : array of float, shape (4, 4)
        From voxel to millimetre.
    """

    t1: Floats
    grey: Floats
    white: Floats
    affine: Floats


def load_mni152(step: int = 1) -> Template:
    """Load the MNI152 template that comes with nilearn.

    Parameters
    ----------
    step : int
        Keep every n-th voxel in each direction; the voxels are 1 mm wide.

    Returns
    -------
    Template
    """
    folder = files("nilearn") / "datasets" / "data"
    maps = {}
    for kind in ("t1", "gm", "wm"):
        image = _nifti(str(folder / f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz"))
        maps[kind] = np.asanyarray(image.dataobj)[::step, ::step, ::step].astype(float) / 255
    affine = np.array(image.affine) @ np.diag([step, step, step, 1])
    return Template(maps["t1"], maps["gm"], maps["wm"], affine)


def _nifti(path: str | Path) -> nib.nifti1.Nifti1Image:
    return nib.nifti1.Nifti1Image.from_filename(str(path))


def load_dicom(name: str) -> pydicom.Dataset:
    """Read a DICOM file that comes with pydicom.

    Parameters
    ----------
    name : str
        For example ``"MR_small"`` or ``"CT_small"``.

    Returns
    -------
    pydicom.Dataset
    """
    return pydicom.dcmread(str(files("pydicom") / "data" / "test_files" / f"{name}.dcm"))


def dicom_affine(scan: pydicom.Dataset) -> Floats:
    """Return the affine of one DICOM slice in NIfTI's convention.

    Parameters
    ----------
    scan : pydicom.Dataset
        With the position, orientation and spacing of its pixels, and the thickness of the slice.

    Returns
    -------
    array of float, shape (4, 4)
        From (row, column, slice) to millimetres; x grows to the right, y to the front, z to the top.
    """
    across, down = (np.array(scan.ImageOrientationPatient[part], dtype=float) for part in (slice(3), slice(3, 6)))
    between_rows, between_columns = (float(number) for number in scan.PixelSpacing)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = down * between_rows, across * between_columns
    affine[:3, 2] = np.cross(across, down) * float(scan.SliceThickness)
    affine[:3, 3] = [float(number) for number in scan.ImagePositionPatient]
    return np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine


def volume_ml(mask: ArrayLike, affine: ArrayLike) -> float:
    """Return the volume of a mask in millilitres.

    Parameters
    ----------
    mask : array_like of bool or of float
        Which voxels belong to the structure, or which share of each.
    affine : array_like of float, shape (4, 4)
        From voxel to millimetre.
    """
    cubic_mm = abs(np.linalg.det(np.asarray(affine, dtype=float)[:3, :3]))
    return float(np.sum(np.asarray(mask, dtype=float)) * cubic_mm / 1000)


def dice(first: ArrayLike, second: ArrayLike) -> float:
    """Return the Dice overlap of two masks: twice the common part, divided by the sum of both; nan if both are empty."""
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    total = int(one.sum() + two.sum())
    return 2 * int((one & two).sum()) / total if total else float("nan")


def rician(image: ArrayLike, sigma: float, rng: np.random.Generator) -> Floats:
    """Return an image as a scanner would measure it: the length of a complex signal with noise in both parts.

    Parameters
    ----------
    image : array_like of float
        Noise-free signal, 0 or more.
    sigma : float
        Standard deviation of the Gaussian noise in the real and in the imaginary part.
    rng : numpy.random.Generator
        Source of the noise.
    """
    clean = np.asarray(image, dtype=float)
    noise = rng.normal(scale=sigma, size=(2, *clean.shape))
    return np.asarray(np.hypot(clean + noise[0], noise[1]))


def bias_field(shape: tuple[int, ...], strength: float, seed: int) -> Floats:
    """Simulate a smooth bias field.

    Parameters
    ----------
    shape : tuple of int
        Shape of the image.
    strength : float
        0.3 lets the field run from about 30 % below to 30 % above its middle.
    seed : int
        Chooses the pattern.

    Returns
    -------
    array of float
        Factors around 1 to multiply an image with.
    """
    rng = np.random.default_rng(seed)
    grid = np.meshgrid(*(np.linspace(-1, 1, size) for size in shape), indexing="ij")
    rough = sum(
        rng.normal() * axis + rng.normal() * axis**2 + rng.normal() * axis * other
        for axis, other in zip(grid, grid[1:] + grid[:1], strict=True)
    )
    field = np.asarray(rough)
    return np.asarray(1 + strength * (2 * (field - field.min()) / np.ptp(field) - 1))


def correct_bias(image: Floats, mask: Mask, shrink: int = 2) -> Floats:
    """Estimate the bias field of an image with N4.

    Parameters
    ----------
    image : array of float
        Positive within the mask.
    mask : array of bool
        Where to look.
    shrink : int
        Estimate on every n-th voxel, which is faster; the field is smooth.

    Returns
    -------
    array of float
        The field, with mean 1 within the mask; divide the image by it.
    """
    import SimpleITK as sitk  # noqa: N813

    whole, inside = sitk.GetImageFromArray(image.astype("float32")), sitk.GetImageFromArray(mask.astype("uint8"))
    n4 = sitk.N4BiasFieldCorrectionImageFilter()
    n4.SetMaximumNumberOfIterations([30, 30, 20])
    n4.SetNumberOfThreads(1)  # the same result on every machine
    factors = [shrink] * image.ndim
    n4.Execute(sitk.Shrink(whole, factors), sitk.Shrink(inside, factors))
    field = np.exp(sitk.GetArrayFromImage(n4.GetLogBiasFieldAsImage(whole)).astype(float))
    return np.asarray(field / field[mask].mean())


def simulate_labels(template: Template) -> NDArray[np.uint8]:
    """Draw a schematic head around the brain of the template, one class a voxel.

    Each voxel of the brain gets the tissue with the largest share. Around it lie, in layers of even width, fluid
    (2 mm), bone (6 mm), muscle (4 mm) and fat (5 mm); their shape follows the brain and is no anatomy.

    Returns
    -------
    array of int
        Numbers as in `CLASSES`; bone counts as background, since it gives hardly any signal.
    """
    brain = ndimage.binary_fill_holes(template.t1 > 0)
    fluid = np.clip(1 - template.grey - template.white, 0, 1)
    inner = np.argmax([template.grey, template.white, fluid], axis=0) + 2
    spacing = np.sqrt((template.affine[:3, :3] ** 2).sum(axis=0))[: brain.ndim]
    distance = ndimage.distance_transform_edt(~brain, sampling=spacing)
    layers = np.select([distance <= 2, distance <= 8, distance <= 12, distance <= 17], [4, 1, 5, 6], default=1)
    return np.where(brain, inner, layers).astype(np.uint8)


def simulate_scan(labels: ArrayLike, signal: dict[str, float], blur: float = 0.6) -> Floats:
    """Give each tissue its signal, with partial volume at the borders.

    Parameters
    ----------
    labels : array_like of int
        Numbers as in `CLASSES`.
    signal : dict of str to float
        Signal of each tissue by its name; what is not named is dark.
    blur : float
        Width of the blur in voxels (standard deviation); 0 for none.

    Returns
    -------
    array of float
        Without noise and without bias field.
    """
    brightness = np.array([0.0, *(signal.get(name, 0.0) for name in CLASSES.values())])
    return np.asarray(ndimage.gaussian_filter(brightness[np.asarray(labels)], blur))


def simulate_head(step: int = 2, seed: int = 219) -> tuple[Floats, Mask, Floats]:
    """Simulate a T1-weighted head with noise.

    Returns
    -------
    image : array of float
        The head.
    brain : array of bool
        Where the brain truly is.
    affine : array of float, shape (4, 4)
        From voxel to millimetre.
    """
    margin = 24 // step
    padded = _padded(load_mni152(step), margin)
    signal = {name: spoiled_gradient_echo(tissue, tr=15, te=5, flip=25) for name, tissue in ASSUMED.items()}
    labels = simulate_labels(padded)
    scan = simulate_scan(labels, signal)
    noisy = rician(scan, 0.03 * signal["white matter"], np.random.default_rng(seed))
    return noisy, ndimage.binary_fill_holes(padded.t1 > 0), padded.affine


def _padded(template: Template, margin: int) -> Template:
    """Put empty voxels around a template."""
    t1, grey, white = (np.pad(part, margin) for part in (template.t1, template.grey, template.white))
    return Template(t1, grey, white, template.affine @ nib.affines.from_matvec(np.eye(3), [-margin] * 3))


def threshold_brain_mask(image: Floats, width: float) -> Mask:
    """Find the brain by threshold, erosion and the largest piece.

    Parameters
    ----------
    image : array of float
        A head.
    width : float
        Thickness in voxels of what the erosion removes, so that scalp and brain come apart.

    Returns
    -------
    array of bool
    """
    bright = image > threshold_otsu(image)
    core, count = ndimage.label(ndimage.distance_transform_edt(bright) > width)
    sizes = np.bincount(core.ravel(), minlength=count + 1)
    sizes[0] = 0
    grown = ndimage.distance_transform_edt(core != sizes.argmax()) <= width
    return np.asarray(ndimage.binary_fill_holes(grown))


def deep_brain_mask(image: Floats, affine: Floats) -> Mask:
    """Find the brain with deepbet, a trained network that comes with its weights.

    Parameters
    ----------
    image : array of float
        A T1-weighted head.
    affine : array of float, shape (4, 4)
        From voxel to millimetre.

    Returns
    -------
    array of bool
    """
    from deepbet import BrainExtraction  # type: ignore[import-untyped]

    _, mask, _ = BrainExtraction(no_gpu=True).run(nib.Nifti1Image(image.astype("float32"), affine))
    return np.asarray(np.asanyarray(mask.dataobj) > 0)


def mutual_information(first: ArrayLike, second: ArrayLike, bins: int = 32) -> float:
    """Return how much one image tells of the other, in nats.

    Parameters
    ----------
    first, second : array_like of float
        Images of one shape.
    bins : int
        How many grey levels to tell apart.
    """
    joint, _, _ = np.histogram2d(np.ravel(first), np.ravel(second), bins=bins)
    together = joint / joint.sum()
    apart = together.sum(axis=1, keepdims=True) * together.sum(axis=0, keepdims=True)
    seen = together > 0
    return float(np.sum(together[seen] * np.log(together[seen] / apart[seen])))


def move_rigid(image: Floats, angle: float, shift: Floats, spacing: float) -> Floats:
    """Turn an image about its middle and third axis, and shift it.

    Parameters
    ----------
    image : array of float, three-dimensional
        With cubic voxels.
    angle : float
        In degrees.
    shift : array of float, shape (3,)
        In mm.
    spacing : float
        Width of a voxel in mm.

    Returns
    -------
    array of float
        What was at place p is now at p', where p = R(p' - middle) + middle + shift.
    """
    matrix, offset = _rigid(image.shape, spacing, np.array([0.0, 0.0, angle]), shift)
    return np.asarray(ndimage.affine_transform(image, matrix, offset / spacing, order=1))


def rigid_error(
    shape: tuple[int, ...], spacing: float, angle: float, shift: Floats, found_angles: Floats, found_shift: Floats
) -> float:
    """Return by how much a registration is wrong, in mm, at the worst of the image's corners.

    Parameters
    ----------
    shape : tuple of int
        Of the image.
    spacing : float
        Width of a voxel in mm.
    angle, shift : float and array of float
        How the image was moved by `move_rigid`.
    found_angles, found_shift : array of float
        What `register_rigid` found.
    """
    corners = np.array(list(np.ndindex(2, 2, 2))) * (np.array(shape) - 1) * spacing
    matrix, offset = _rigid(shape, spacing, found_angles, found_shift)
    there = corners @ matrix.T + offset
    matrix, offset = _rigid(shape, spacing, np.array([0.0, 0.0, angle]), shift)
    home = there @ matrix.T + offset
    return float(np.sqrt(((home - corners) ** 2).sum(axis=1)).max())


def _rigid(shape: tuple[int, ...], spacing: float, angles: Floats, shift: Floats) -> tuple[Floats, Floats]:
    """Return matrix and offset, in mm, of a turn about the middle of an image and a shift."""
    about_x, about_y, about_z = np.radians(angles)
    x, y, z = np.eye(3), np.eye(3), np.eye(3)
    x[1:, 1:] = _turn(about_x)
    y[np.ix_([0, 2], [0, 2])] = _turn(about_y).T
    z[:2, :2] = _turn(about_z)
    matrix = z @ x @ y  # the order of SimpleITK's Euler3DTransform
    middle = (np.array(shape) - 1) * spacing / 2
    return matrix, middle + np.asarray(shift) - matrix @ middle


def _turn(angle: float) -> Floats:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def register_rigid(fixed: Floats, moving: Floats, spacing: float) -> tuple[Floats, Floats, Floats]:
    """Find rotation and shift that bring one image onto another, by mutual information.

    Parameters
    ----------
    fixed, moving : array of float, three-dimensional
        Images of one shape and one cubic voxel size; they need not have the same contrast.
    spacing : float
        Width of a voxel in mm.

    Returns
    -------
    angles : array of float, shape (3,)
        Rotation about the first, second and third axis in degrees.
    shift : array of float, shape (3,)
        In mm along the first, second and third axis.
    moved : array of float
        The moving image after it was brought onto the fixed one.
    """
    import SimpleITK as sitk  # noqa: N813

    # SimpleITK counts the axes of an array from the last to the first; turned round, its x is our first axis.
    pair = [sitk.GetImageFromArray(image.T.astype("float32")) for image in (fixed, moving)]
    for image in pair:
        image.SetSpacing([spacing] * 3)
    start = sitk.CenteredTransformInitializer(
        *pair, sitk.Euler3DTransform(), sitk.CenteredTransformInitializerFilter.GEOMETRY
    )
    method = sitk.ImageRegistrationMethod()
    method.SetGlobalDefaultNumberOfThreads(1)  # the same result on every machine
    method.SetMetricAsMattesMutualInformation(32)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(0.2, 219)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(2.0, 0.01, 60)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([4, 2])
    method.SetSmoothingSigmasPerLevel([2, 1])
    method.SetInitialTransform(start, inPlace=True)
    method.Execute(*pair)
    found = sitk.Euler3DTransform(start)
    moved = sitk.GetArrayFromImage(sitk.Resample(pair[1], pair[0], found, sitk.sitkLinear, 0.0)).T
    angles = np.degrees([found.GetAngleX(), found.GetAngleY(), found.GetAngleZ()])
    return angles, np.array(found.GetTranslation()), moved.astype(float)


@dataclass(frozen=True, eq=False, repr=False)
class Slice:
    """One slice of a head in four contrasts, with a few pixels whose class is known.

    Parameters
    ----------
    name : str
        Name of the data card.
    channels : array of float, shape (n, m, 4)
        The four images.
    contrasts : tuple of str
        Name of each image.
    region : array of bool, shape (n, m)
        Where to classify.
    training : array of int, shape (n, m)
        Drawn classes as in `CLASSES`, 0 where nothing was drawn.
    truth : array of int, shape (n, m), or None
        Class of every pixel, if the slice is simulated.
    affine : array of float, shape (4, 4)
        From voxel to millimetre.
    """

    name: str
    channels: Floats
    contrasts: tuple[str, ...]
    region: Mask
    training: NDArray[np.uint8]
    truth: NDArray[np.uint8] | None
    affine: Floats

    def __str__(self) -> str:
        """Say in one sentence which data these are, how many, and whether they are real."""
        size = " × ".join(str(number) for number in self.training.shape)
        drawn = int((self.training > 0).sum())
        who = "one person" if self.truth is None else "one schematic head"
        return load_card(self.name).sentence(f"one slice of {who}, {size} pixels, four contrasts, {drawn} pixels drawn")


def fetch_multispectral() -> Slice:
    """Fetch the real slice in four contrasts.

    Returns
    -------
    Slice

    Raises
    ------
    DataError
        If a file can't be had; the message says what to do.
    """
    path = {file.name: file for file in download("multispectral-mri")}
    image = _nifti(path["multispectral_mri.nii.gz"])
    drawn, region = (
        np.asanyarray(_nifti(path[f"{name}.nii.gz"]).dataobj)[:, :, 0, 0]
        for name in ("training_mask_1_6", "brain_roi_mask")
    )
    return Slice(
        name="multispectral-mri",
        channels=np.asarray(image.get_fdata()[:, :, 0, :]),
        contrasts=("FLASH", "DESS", "FISP", "PSIF"),
        region=region > 0,
        training=drawn.astype(np.uint8),
        truth=None,
        affine=np.array(image.affine),
    )


def simulate_multispectral(seed: int = 219) -> Slice:
    """Simulate a slice in four contrasts, of the same form as the real one.

    Parameters
    ----------
    seed : int
        Seed of the noise and of where the training pixels are drawn.

    Returns
    -------
    Slice
        An axial slice of a schematic head (see `simulate_labels`), with noise and a weak bias field.
    """
    rng = np.random.default_rng(seed)
    level = 80
    whole = _padded(load_mni152(), 24)
    t1, grey, white = (part[:, :, 24 + level] for part in (whole.t1, whole.grey, whole.white))
    flat = Template(t1, grey, white, whole.affine)
    truth = simulate_labels(flat)
    sequences = {
        "T1-weighted gradient echo": lambda tissue: spoiled_gradient_echo(tissue, tr=15, te=5, flip=25),
        "T1-weighted spin echo": lambda tissue: spin_echo(tissue, tr=500, te=15),
        "PD-weighted spin echo": lambda tissue: spin_echo(tissue, tr=3000, te=15),
        "T2-weighted spin echo": lambda tissue: spin_echo(tissue, tr=3000, te=100),
    }
    channels = []
    for number, sequence in enumerate(sequences.values()):
        signal = {name: sequence(tissue) for name, tissue in ASSUMED.items()}
        clean = simulate_scan(truth, signal) * bias_field(truth.shape, 0.08, number)
        channels.append(1000 * rician(clean, 0.05 * max(signal.values()), rng))
    return Slice(
        name="simulated-mri",
        channels=np.stack(channels, axis=-1),
        contrasts=tuple(sequences),
        region=ndimage.binary_fill_holes(flat.t1 > 0),
        training=_strokes(truth, rng),
        truth=truth,
        affine=whole.affine @ nib.affines.from_matvec(np.eye(3), [0, 0, 24 + level]),
    )


def _strokes(truth: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw six small discs a class, well apart, on pixels of that class."""
    drawn = np.zeros_like(truth)
    rows, columns = np.indices(truth.shape)
    for number in CLASSES:
        safe = np.argwhere(ndimage.distance_transform_edt(truth == number) > 1.5)
        for _ in range(6):
            row, column = rng.choice(safe)
            disc = (rows - row) ** 2 + (columns - column) ** 2 <= 9
            drawn[disc & (truth == number)] = number
            safe = safe[np.abs(safe - [row, column]).max(axis=1) > 12]
    return drawn
