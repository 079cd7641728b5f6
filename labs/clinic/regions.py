"""From labels to regions, and how well two segmentations agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import ndimage

__all__ = [
    "BRATS",
    "MSD",
    "REGIONS",
    "Coding",
    "agreement",
    "dice",
    "hausdorff95",
    "interval",
    "to_labels",
    "to_regions",
    "volume_ml",
]

REGIONS = ("WT", "TC", "ET")
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Coding:
    """Which number means which tissue in the masks of a data set; 0 is no tumour.

    Parameters
    ----------
    oedema, core, enhancing : int
        Oedema, necrotic or other non-enhancing core, and enhancing tumour.
    """

    oedema: int
    core: int
    enhancing: int


MSD = Coding(oedema=1, core=2, enhancing=3)  # Medical Segmentation Decathlon, Task01
BRATS = Coding(oedema=2, core=1, enhancing=4)  # BraTS in its later years, up to 2021


def to_regions(label: npt.ArrayLike, coding: Coding = MSD) -> Mask:
    """Turn labels, of which each voxel has one, into regions, which contain each other.

    Parameters
    ----------
    label : array_like of int, shape (x, y, z)
        Numbers of the tissues.
    coding : Coding
        What the numbers mean.

    Returns
    -------
    ndarray of bool, shape (3, x, y, z)
        Whole tumour, tumour core and enhancing tumour, in the order of `REGIONS`.

    Raises
    ------
    ValueError
        If there is a number that the coding doesn't know.
    """
    label = np.asarray(label)
    unknown = set(np.unique(label).tolist()) - {0, coding.oedema, coding.core, coding.enhancing}
    if unknown:
        raise ValueError(f"The mask holds {sorted(unknown)}, which {coding} does not know. Is it another data set's?")
    enhancing = label == coding.enhancing
    core = enhancing | (label == coding.core)
    return np.stack([core | (label == coding.oedema), core, enhancing])


def to_labels(regions: npt.ArrayLike, coding: Coding = MSD) -> npt.NDArray[np.uint8]:
    """Turn regions into labels; a voxel is core only within the whole tumour, and enhancing only within the core.

    Parameters
    ----------
    regions : array_like of bool, shape (3, x, y, z)
        Whole tumour, tumour core and enhancing tumour, which need not contain each other.
    coding : Coding
        What the numbers shall mean.

    Returns
    -------
    ndarray of uint8, shape (x, y, z)
    """
    whole, core, enhancing = np.asarray(regions, dtype=bool)
    label = np.zeros(whole.shape, dtype=np.uint8)
    label[whole] = coding.oedema
    label[whole & core] = coding.core
    label[whole & core & enhancing] = coding.enhancing
    return label


def dice(truth: npt.ArrayLike, prediction: npt.ArrayLike) -> float:
    """Compute the Dice coefficient: twice the common voxels over the sum of both.

    Parameters
    ----------
    truth, prediction : array_like of bool
        Two masks of one shape.

    Returns
    -------
    float
        From 0 to 1; nan if both masks are empty, since there is nothing to agree on.
    """
    a, b = np.asarray(truth, dtype=bool), np.asarray(prediction, dtype=bool)
    total = int(a.sum()) + int(b.sum())
    return 2 * int((a & b).sum()) / total if total else math.nan


def hausdorff95(truth: npt.ArrayLike, prediction: npt.ArrayLike, spacing: Sequence[float]) -> float:
    """Compute the 95 % Hausdorff distance between the surfaces of two masks.

    From each surface voxel of one mask the distance to the nearest surface voxel of the other is taken. The 95th
    percentile of these is computed in both directions; the larger one counts.

    Parameters
    ----------
    truth, prediction : array_like of bool, shape (x, y, z)
        Two masks.
    spacing : sequence of float
        Edges of a voxel in mm.

    Returns
    -------
    float
        In mm; nan if a mask is empty.
    """
    a, b = np.asarray(truth, dtype=bool), np.asarray(prediction, dtype=bool)
    if not (a.any() and b.any()):
        return math.nan
    where = np.argwhere(a | b)
    box = tuple(slice(low, high + 1) for low, high in zip(where.min(axis=0), where.max(axis=0), strict=True))
    surfaces = [_surface(one[box]) for one in (a, b)]
    far = [ndimage.distance_transform_edt(~one, sampling=spacing) for one in surfaces]
    return float(max(np.percentile(far[1][surfaces[0]], 95), np.percentile(far[0][surfaces[1]], 95)))


def _surface(mask: Mask) -> Mask:
    """Return the voxels with a neighbour outside, the edge of the array included."""
    inner: Mask = ndimage.binary_erosion(mask)
    return mask & ~inner


def volume_ml(mask: npt.ArrayLike, affine: npt.ArrayLike) -> float:
    """Compute the volume of a mask in millilitres.

    Parameters
    ----------
    mask : array_like of bool, shape (x, y, z)
        The voxels to count.
    affine : array_like of float, shape (4, 4)
        From voxel numbers to millimetres. The volume of a voxel is the determinant of its upper left 3 × 3 part, whose
        sign only says whether an axis is mirrored.
    """
    cubic_mm = abs(float(np.linalg.det(np.asarray(affine, dtype=float)[:3, :3])))
    return int(np.asarray(mask, dtype=bool).sum()) * cubic_mm / 1000


def agreement(patient: str, truth: Mask, prediction: Mask, affine: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Compare the regions of one patient.

    Parameters
    ----------
    patient : str
        Who.
    truth, prediction : ndarray of bool, shape (3, x, y, z)
        The regions in the order of `REGIONS`.
    affine : ndarray, shape (4, 4)
        From voxel numbers to millimetres.

    Returns
    -------
    pandas.DataFrame
        One row a region: patient, region, Dice, HD95 (mm), truth (ml), predicted (ml), error (ml, predicted minus
        truth) and case, which is "both present", "both empty", "missed" or "false alarm".
    """
    spacing = np.sqrt((affine[:3, :3] ** 2).sum(axis=0)).tolist()
    rows: list[dict[str, Any]] = []
    for region, a, b in zip(REGIONS, truth, prediction, strict=True):
        true, said = volume_ml(a, affine), volume_ml(b, affine)
        case = {(1, 1): "both present", (0, 0): "both empty", (1, 0): "missed", (0, 1): "false alarm"}
        rows.append(
            {
                "patient": patient,
                "region": region,
                "Dice": dice(a, b),
                "HD95": hausdorff95(a, b, spacing),
                "truth": true,
                "predicted": said,
                "error": said - true,
                "case": case[int(true > 0), int(said > 0)],
            }
        )
    return pd.DataFrame(rows)


def interval(values: npt.ArrayLike, resamples: int, seed: int) -> tuple[float, float, float]:
    """Compute a mean over patients with its 95 % percentile bootstrap interval.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One number a patient; nan for a patient for whom it is not defined, who is left out.
    resamples, seed : int
        How many times to draw, and the seed.

    Returns
    -------
    low, mean, high : float
        All nan if no patient is left.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return math.nan, math.nan, math.nan
    drawn = np.random.default_rng(seed).integers(0, len(known), size=(resamples, len(known)))
    low, high = np.quantile(known[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(known.mean()), float(high)
