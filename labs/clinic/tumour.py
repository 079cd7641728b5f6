"""Simulated patients with a glioma: anatomy, growth, and how a scanner shows them.

Nothing here is a real patient. The anatomy is the average brain of the ICBM 152 atlas, as nilearn ships it, deformed
at random. The tumour grows in it by reaction and diffusion, and four MRI sequences are computed from tissue and tumour.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from clinic import fetch

__all__ = ["SEQUENCES", "Case", "cohort", "elsewhere", "grow", "simulate", "without"]

SEQUENCES = ("T1", "T1c", "T2", "FLAIR")
SHAPE, VOXEL_MM = (56, 64, 56), 3.0
GREYS = 150.0  # grey levels for an intensity of 1; what is stored has 256 levels


@dataclass(frozen=True, eq=False)
class Case:
    """One scan of one patient.

    Parameters
    ----------
    patient : str
        Who; no two patients share it.
    image : ndarray, shape (4, x, y, z)
        The sequences in the order of `SEQUENCES`; 0 outside the brain.
    label : ndarray of uint8, shape (x, y, z)
        The truth, in the numbers of the Medical Segmentation Decathlon: 1 oedema, 2 non-enhancing core, 3 enhancing.
    affine : ndarray, shape (4, 4)
        From voxel numbers to millimetres.
    """

    patient: str
    image: npt.NDArray[Any]
    label: npt.NDArray[np.uint8]
    affine: npt.NDArray[np.float64]


#: Intensity of cerebrospinal fluid, grey matter, white matter, oedema, non-enhancing core and enhancing tumour.
_SHOWN = {
    "T1": (0.25, 0.60, 0.85, 0.62, 0.42, 0.55),
    "T1c": (0.25, 0.63, 0.87, 0.62, 0.45, 1.25),
    "T2": (1.25, 0.72, 0.50, 0.95, 1.10, 0.80),
    "FLAIR": (0.15, 0.66, 0.56, 1.00, 0.72, 0.85),
}
_NOISE, _BIAS = 0.035, 0.06  # standard deviations: of the noise, and of the logarithm of the coil's sensitivity


def grow(
    start: tuple[int, ...],
    diffusion: npt.NDArray[np.float32],
    growth: npt.NDArray[np.float32],
    *,
    spacing: float,
    visible: float,
    volume: float,
    longest: int = 400,
) -> npt.NDArray[np.float32]:
    """Let a tumour grow from one voxel until so many voxels are seen (Fisher-Kolmogorov equation).

    The density of tumour cells u, from 0 to 1, changes by du/dt = div(D grad u) + rho u (1 - u). Nothing flows between
    two voxels if one of them has no diffusion.

    Parameters
    ----------
    start : tuple of int
        The voxel where it begins, with density 1.
    diffusion, growth : ndarray of float32, shape (x, y, z)
        D in mm² a day and rho per day, at least 0; both are 0 where no tumour cell can be.
    spacing : float
        Edge of a voxel in mm.
    visible : float
        A voxel counts if its density is above this.
    volume : float
        Growth ends when this many voxels count.
    longest : int
        Most steps to take, if the volume is never reached.

    Returns
    -------
    ndarray of float32, shape (x, y, z)
    """
    density = np.zeros_like(diffusion)
    density[start] = 1.0
    step = 0.9 * spacing**2 / (6 * float(diffusion.max()) + spacing**2 * float(growth.max()))  # stable below 1
    flows = [_between(diffusion, axis) * np.float32(step / spacing**2) for axis in range(3)]
    gain = growth * np.float32(step)
    for _ in range(longest):
        change = gain * density * (1 - density)
        for axis, flow in enumerate(flows):
            moved = flow * np.diff(density, axis=axis)
            lower, upper = _halves(axis)
            change[lower] += moved
            change[upper] -= moved
        density += change
        if np.count_nonzero(density > visible) >= volume:
            break
    return density


def _halves(axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Return the indices of all voxels that have a neighbour behind them, and before them."""
    whole = [slice(None)] * 3
    return (
        (*whole[:axis], slice(None, -1), *whole[axis + 1 :]),
        (*whole[:axis], slice(1, None), *whole[axis + 1 :]),
    )


def _between(diffusion: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    """Return the diffusion through the faces between neighbours, their harmonic mean."""
    lower, upper = (diffusion[half] for half in _halves(axis))
    total = lower + upper
    mean: npt.NDArray[np.float32] = np.divide(2 * lower * upper, total, out=np.zeros_like(total), where=total > 0)
    return mean


def simulate(seed: int) -> Case:
    """Make one patient.

    Parameters
    ----------
    seed : int
        The same seed gives the same patient.

    Returns
    -------
    Case
    """
    anatomy_rng, tumour_rng, scan_rng = (np.random.default_rng([seed, part]) for part in range(3))
    grey, white, mask = _head(anatomy_rng)
    density, label = _tumour(grey, white, mask, tumour_rng)
    image = _scan(grey, white, mask, density, label, scan_rng)
    return Case(f"S{seed}", image, label, _affine())


def without(case: Case, sequence: str) -> Case:
    """Return the scan with one sequence missing, that is, zero everywhere."""
    image = case.image.copy()
    image[SEQUENCES.index(sequence)] = 0
    return replace(case, image=image)


def elsewhere(case: Case, seed: int, amount: float = 1.0) -> Case:
    """Change a scan as another scanner might have taken it: other contrast, thicker slices, more noise.

    This is a simulation, of a real scan too. The patient and the truth stay the same.

    Parameters
    ----------
    case : Case
        The scan.
    seed : int
        Seed of the noise.
    amount : float
        How large the change is; 0 leaves the scan as it is.
    """
    rng = np.random.default_rng(seed)
    image = np.zeros(case.image.shape, dtype=np.float32)
    for channel, (raw, power) in enumerate(zip(case.image, (1.3, 0.6, 0.7, 0.5), strict=True)):
        inside = raw != 0
        if not inside.any():
            continue
        top = float(np.quantile(raw[inside], 0.99))
        shown = top * np.clip(raw / top, 0, None) ** (power**amount)  # below 1 the bright parts come closer together
        shown = ndimage.gaussian_filter1d(shown, 1e-9 + 0.7 * amount, axis=2)
        shown += amount * 0.35 * float(shown[inside].std()) * rng.normal(size=raw.shape)
        image[channel] = np.where(inside, np.maximum(shown, 1e-3), 0)
    return replace(case, image=image)


def cohort(seeds: Sequence[int]) -> list[Case]:
    """Make several patients, or take them from the cache if they were made before.

    Parameters
    ----------
    seeds : sequence of int
        One a patient.

    Returns
    -------
    list of Case
        The same, bit for bit, whether they come from the cache or not.

    Notes
    -----
    The name of the file in the cache holds a hash of this module's source and of the seeds. Where the cache can't be
    written, the patients are made anew each time.
    """
    key = hashlib.sha256(Path(__file__).read_bytes() + repr(list(seeds)).encode()).hexdigest()[:16]
    place = fetch.cache() / "simulated-glioma" / f"{key}.npz"
    try:
        with np.load(place) as kept:
            images, labels = kept["images"], kept["labels"]
        return [
            Case(f"S{seed}", image, label, _affine()) for seed, image, label in zip(seeds, images, labels, strict=True)
        ]
    except (OSError, ValueError, KeyError):  # not there, or damaged
        cases = [simulate(seed) for seed in seeds]
    _keep(place, cases)
    return cases


def _keep(place: Path, cases: Sequence[Case]) -> None:
    part = place.with_name(f"{place.stem}.{os.getpid()}.part.npz")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            np.savez(part, images=np.stack([case.image for case in cases]), labels=[case.label for case in cases])
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
    except OSError:  # a full disk or a folder that may not be written: the lab goes on without
        return


def _affine() -> npt.NDArray[np.float64]:
    affine = np.diag([VOXEL_MM, VOXEL_MM, VOXEL_MM, 1.0])
    affine[:3, 3] = [-84.0, -109.0, -76.0]
    return affine


@cache
def _atlas() -> npt.NDArray[np.float32]:
    """Return grey matter, white matter and the mask of the average brain, on our grid."""
    nilearn = find_spec("nilearn")  # found, not imported, which takes seconds
    assert nilearn
    assert nilearn.origin  # the course depends on it
    folder = Path(nilearn.origin).parent / "datasets" / "data"
    maps = []
    for tissue in ("gm", "wm"):
        fine = np.asanyarray(nib.load(folder / f"mni_icbm152_{tissue}_tal_nlin_sym_09a_converted.nii.gz").dataobj)  # type: ignore[attr-defined]
        padded = np.pad(fine[14:182, 23:215, :164], ((0, 0), (0, 0), (4, 0)))
        blocks = padded.reshape(SHAPE[0], 3, SHAPE[1], 3, SHAPE[2], 3).mean(axis=(1, 3, 5)) / 255
        maps.append(blocks.astype(np.float32))
    solid = ndimage.binary_closing(maps[0] + maps[1] > 0.25, iterations=2)
    return np.stack([*maps, ndimage.binary_fill_holes(solid).astype(np.float32)])


@cache
def _widening(knots: int, size: int) -> npt.NDArray[np.float32]:
    """Return the matrix that takes values at a few knots to as many as asked for, along one axis."""
    matrix = ndimage.zoom(np.eye(knots), (size / knots, 1), order=3, mode="nearest", grid_mode=True)
    return np.asarray(matrix, dtype=np.float32)


def _smooth(rng: np.random.Generator, knots: int) -> npt.NDArray[np.float32]:
    """Return a smooth random field with mean 0 and standard deviation 1."""
    field = rng.normal(size=(knots,) * 3).astype(np.float32)
    for size in SHAPE:  # each step widens the first axis and puts it last
        field = np.tensordot(field, _widening(knots, size), axes=(0, 1))
    scaled: npt.NDArray[np.float32] = (field - field.mean()) / field.std()
    return scaled


def _head(rng: np.random.Generator) -> list[npt.NDArray[np.float32]]:
    """Return grey matter, white matter and mask of another head: turned, stretched and bent."""
    angles, scales = rng.uniform(-0.12, 0.12, size=3), rng.uniform(0.92, 1.02, size=3)
    matrix = np.diag(1 / scales)
    for axis, angle in enumerate(angles):
        turn = np.eye(3)
        first, second = (other for other in range(3) if other != axis)
        turn[first, first] = turn[second, second] = np.cos(angle)
        turn[first, second], turn[second, first] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    centre = (np.array(SHAPE) - 1) / 2
    grid = np.indices(SHAPE, dtype=np.float32)
    place = np.tensordot(matrix, grid - centre[:, None, None, None], axes=1) + centre[:, None, None, None]
    place += 1.2 * np.stack([_smooth(rng, 6) for _ in range(3)])  # a standard deviation of 1.2 voxels, 4 mm
    return [ndimage.map_coordinates(one, place, order=1) for one in _atlas()]


def _tumour(
    grey: npt.NDArray[np.float32],
    white: npt.NDArray[np.float32],
    mask: npt.NDArray[np.float32],
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    """Let a tumour begin somewhere in the white matter; return its density of cells and its labels."""
    inside = mask > 0.5
    deep = (white > 0.6) & (ndimage.distance_transform_edt(inside) * VOXEL_MM > 12)
    paths = np.clip(np.exp(0.5 * _smooth(rng, 9)), 0.3, 2)  # so that no tumour is a ball
    tissue = np.where(inside, (white + 0.2 * grey) * paths, 0).astype(np.float32)
    cells = np.where(inside, np.minimum(white + grey, 1), 0).astype(np.float32)
    rho, width = rng.uniform(0.015, 0.03), rng.uniform(2.5, 4.0)  # per day; mm, the square root of D / rho
    seen = rng.uniform(0.16, 0.24)
    wanted = np.exp(rng.uniform(np.log(30), np.log(130))) * 1000 / VOXEL_MM**3
    density = np.zeros(SHAPE, dtype=np.float32)
    while np.count_nonzero(density > seen) < wanted / 2:  # some places have no room to grow
        start = [int(one) for one in rng.choice(np.argwhere(deep))]
        window = tuple(slice(max(0, one - 22), one + 23) for one in start)
        density = np.zeros(SHAPE, dtype=np.float32)
        density[window] = grow(
            tuple(one - part.start for one, part in zip(start, window, strict=True)),
            tissue[window] * np.float32(rho * width**2),
            cells[window] * np.float32(rho),
            spacing=VOXEL_MM,
            visible=seen,
            volume=wanted,
        )
    rough = density + 0.07 * _smooth(rng, 12) * (density > 0.02)
    core, dead = float(density.max()) * rng.uniform([0.50, 0.88], [0.65, 0.96])
    label = np.zeros(SHAPE, dtype=np.uint8)
    label[inside & (rough > seen)] = 1
    label[inside & (rough > core)] = 2
    patchy = _smooth(rng, 10) > rng.uniform(-3.5, -1.2)
    if rng.random() < 0.8:  # the others take up no contrast agent
        label[inside & (rough > core) & (rough < dead) & patchy] = 3
    return density, _tidy(label)


def _tidy(label: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Keep the largest piece of the tumour."""
    pieces, number = ndimage.label(label > 0)
    if number > 1:
        largest = 1 + int(np.argmax(np.bincount(pieces.ravel())[1:]))
        label = np.where(pieces == largest, label, 0).astype(np.uint8)
    return label


def _scan(
    grey: npt.NDArray[np.float32],
    white: npt.NDArray[np.float32],
    mask: npt.NDArray[np.float32],
    density: npt.NDArray[np.float32],
    label: npt.NDArray[np.uint8],
    rng: np.random.Generator,
) -> npt.NDArray[np.uint8]:
    """Return the four sequences in 256 grey levels."""
    inside = mask > 0.5
    oedema = np.where(label > 0, 0.45 + 0.55 * np.clip(density / 0.5, 0, 1), 0)  # fades towards its edge
    parts = [ndimage.gaussian_filter((label == code).astype(np.float32), 0.45) for code in (2, 3)]
    parts.insert(0, np.clip(ndimage.gaussian_filter(oedema.astype(np.float32), 0.45) - parts[0] - parts[1], 0, 1))
    healthy = np.clip(1 - sum(parts), 0, 1)
    fluid = np.clip(1 - grey - white, 0, 1)
    mixture = np.stack([fluid * healthy, grey * healthy, white * healthy, *parts])
    spots, vessels = _distractors(inside, white, grey, label, rng)
    image = np.zeros((len(SEQUENCES), *SHAPE), dtype=np.uint8)
    for channel, sequence in enumerate(SEQUENCES):
        table = np.array(_SHOWN[sequence]) * rng.normal(1, 0.04, size=6)
        shown = np.tensordot(table, mixture, axes=1)
        if sequence in ("T2", "FLAIR"):
            shown += 0.35 * spots
        if sequence == "T1c":
            shown += 0.5 * vessels
        shown *= np.exp(_BIAS * _smooth(rng, 4)) * rng.uniform(0.85, 1.15)
        shown += _NOISE * rng.normal(size=SHAPE)
        image[channel] = np.where(inside, np.clip(np.rint(GREYS * shown), 1, 255), 0)
    return image


def _distractors(
    inside: npt.NDArray[np.bool_],
    white: npt.NDArray[np.float32],
    grey: npt.NDArray[np.float32],
    label: npt.NDArray[np.uint8],
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return what looks like tumour and is none: old spots in white matter, and vessels with contrast agent."""
    drawn = []
    for where, most in (((white > 0.7) & (label == 0), 6), ((grey > 0.6) & (label == 0) & inside, 12)):
        points = np.zeros(SHAPE, dtype=np.float32)
        for one in rng.choice(np.argwhere(where), size=rng.integers(0, most + 1)):
            points[tuple(one)] = 1
        blurred = ndimage.gaussian_filter(points, 0.8)
        drawn.append(np.minimum(blurred / 0.12, 1) * (label == 0))
    return drawn[0].astype(np.float32), drawn[1].astype(np.float32)
