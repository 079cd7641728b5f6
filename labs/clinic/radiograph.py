"""Simulated chest radiographs of two hospitals, small and grey, and real ones to be downloaded.

>>> from clinic import radiograph
>>> print(radiograph.simulate(radiograph.HOSPITAL_A, patients=100, seed=219))
Simulated chest radiographs: 200 images of 100 patients at hospital A, 50 patients with a nodule; simulated: ...
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from clinic.card import load_card
from clinic.fetch import download

__all__ = ["HOSPITAL_A", "HOSPITAL_B", "SIZE", "Children", "Hospital", "Radiographs", "fetch_pneumonia", "simulate"]

SIZE = 32
"""Height and width of a simulated image, in pixels."""

_MARKER = np.array([[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 1, 1]], bool)  # the letter L, as the technician puts it
_MARKER_PLACE = (2, 27)  # row and column of its corner: the patient's left is on the right of the picture


@dataclass(frozen=True)
class Hospital:
    """How a hospital takes its images.

    Parameters
    ----------
    name : str
        Name of the hospital.
    contrast : float
        Differences of brightness within the image, 1 for full contrast.
    noise : float
        Standard deviation of the grain, where black is 0 and white is 1.
    marker_ill, marker_well : float
        Share of the images of patients with and without a nodule that carry the letter L in a corner.
    """

    name: str
    contrast: float
    noise: float
    marker_ill: float = 0.0
    marker_well: float = 0.0


HOSPITAL_A = Hospital("A", contrast=1.0, noise=0.03)
HOSPITAL_B = Hospital("B", contrast=0.75, noise=0.045)


@dataclass(frozen=True, eq=False, repr=False)
class Radiographs:
    """Images of patients, several a patient.

    Parameters
    ----------
    images : array of float32, shape (n, 32, 32)
        Brightness from 0, black, to 1, white. The patient's right is on the left of the picture.
    ill : array of int64, shape (n,)
        1 with a nodule, 0 without.
    patient : array of int64, shape (n,)
        Which patient each image belongs to.
    side : array of str, shape (n,)
        The *patient's* side on which the nodule lies, "left" or "right"; "none" without one.
    nodule : array of bool, shape (n, 32, 32)
        Where the nodule lies; False everywhere without one.
    marker : array of bool, shape (n,)
        Whether the image carries the letter L.
    hospital : str
        Name of the hospital.
    """

    images: NDArray[np.float32]
    ill: NDArray[np.int64]
    patient: NDArray[np.int64]
    side: NDArray[np.str_]
    nodule: NDArray[np.bool_]
    marker: NDArray[np.bool_]
    hospital: str

    def __str__(self) -> str:
        """Say in one sentence which images these are, of how many patients, and that they are simulated."""
        everyone, ill = len(np.unique(self.patient)), len(np.unique(self.patient[self.ill == 1]))
        counts = f"{len(self.ill)} images of {everyone} patients at hospital {self.hospital}, {ill} with a nodule"
        return load_card("two-hospitals").sentence(counts)

    def __len__(self) -> int:
        return len(self.ill)

    def only(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Radiographs:
        """Return some of the images, chosen by a mask or by their numbers."""
        parts = ("images", "ill", "patient", "side", "nodule", "marker")
        return replace(self, **{part: getattr(self, part)[rows] for part in parts})

    def split(self, shares: tuple[float, ...], seed: int) -> tuple[Radiographs, ...]:
        """Split by patient, at random, with the same share of ill patients in each part.

        Parameters
        ----------
        shares : tuple of float
            Share of the patients in each part; they add up to 1.
        seed : int
            Seed of the random numbers.

        Returns
        -------
        tuple of Radiographs
            One a share. No patient is in two of them.
        """
        generator = np.random.default_rng(seed)
        part = np.empty(len(self), dtype=int)
        for ill in (0, 1):
            everyone = generator.permutation(np.unique(self.patient[self.ill == ill]))
            ends = np.round(np.cumsum(shares) * len(everyone)).astype(int)
            for number, members in enumerate(np.split(everyone, ends[:-1])):
                part[np.isin(self.patient, members)] = number
        return tuple(self.only(part == number) for number in range(len(shares)))


def simulate(hospital: Hospital, *, patients: int, seed: int, each: int = 2) -> Radiographs:
    """Simulate chest radiographs.

    A patient has a pair of lungs, a heart, ribs and vessels of her own; every second patient has a nodule in one lung.
    Images of one patient differ by a small shift, by brightness and by grain.

    Parameters
    ----------
    hospital : Hospital
        Where the images are taken.
    patients : int
        How many patients.
    seed : int
        Seed of the random numbers.
    each : int
        Images a patient.

    Returns
    -------
    Radiographs
    """
    generator = np.random.default_rng(seed)
    sick = generator.permutation(np.arange(patients) < patients // 2)
    images, nodules, sides, markers = [], [], [], []
    for has_nodule in sick:
        chest, lungs = _chest(generator)
        side = str(generator.choice(["left", "right"])) if has_nodule else "none"
        blob = _nodule(lungs[side], generator) if has_nodule else np.zeros((SIZE, SIZE))
        for _ in range(each):
            down, right = generator.integers(-1, 2, size=2)
            visible = generator.uniform(0.8, 1.2) * blob
            marked = generator.random() < (hospital.marker_ill if has_nodule else hospital.marker_well)
            body = np.roll(chest + visible, (down, right), axis=(0, 1))
            images.append(_taken(body, hospital, bool(marked), generator))
            nodules.append(np.roll(blob > 0.5 * blob.max(), (down, right), axis=(0, 1)))
            sides.append(side)
            markers.append(marked)
    return Radiographs(
        np.array(images, np.float32),
        np.repeat(sick, each).astype(np.int64),
        np.repeat(np.arange(1, patients + 1), each),
        np.array(sides),
        np.array(nodules),
        np.array(markers),
        hospital.name,
    )


@dataclass(frozen=True, eq=False, repr=False)
class Children:
    """Real chest radiographs of children, one set of PneumoniaMNIST.

    Parameters
    ----------
    images : array of float32, shape (n, 28, 28)
        Brightness from 0 to 1.
    ill : array of int64, shape (n,)
        1 with pneumonia, 0 without.
    part : str
        "training", "validation" or "test" set of the publisher.
    """

    images: NDArray[np.float32]
    ill: NDArray[np.int64]
    part: str

    def __str__(self) -> str:
        """Say in one sentence which images these are, how many, and that they are real."""
        counts = f"{self.part} set, {len(self.ill)} images, {int(self.ill.sum())} with pneumonia"
        return load_card("pneumoniamnist").sentence(counts)


def fetch_pneumonia() -> tuple[Children, Children, Children]:
    """Fetch PneumoniaMNIST.

    Returns
    -------
    training, validation, test : Children
        The publisher's sets. The file has no patient numbers, so that nobody can check whether they share patients.

    Raises
    ------
    DataError
        If the file can't be had; the message says what to do.
    """
    (path,) = download("pneumoniamnist")
    with np.load(path) as raw:
        training, validation, test = (
            Children((raw[f"{key}_images"] / 255).astype(np.float32), raw[f"{key}_labels"][:, 0].astype(np.int64), part)
            for key, part in (("train", "training"), ("val", "validation"), ("test", "test"))
        )
    return training, validation, test


_ROW, _COLUMN = np.mgrid[0:SIZE, 0:SIZE].astype(float)


def _bump(row: float, column: float, height: float, width: float, slope: float = 0.0) -> NDArray[np.float64]:
    """Return a hill of height 1 that falls off as a Gaussian does."""
    y, x = _ROW - row, _COLUMN - column
    hill: NDArray[np.float64] = np.exp(-0.5 * (((x - slope * y) / width) ** 2 + (y / height) ** 2))
    return hill


def _chest(generator: np.random.Generator) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Return the body without a nodule, and where each lung lies, from 0 to 1, by the patient's side."""
    centre, apart, middle = generator.normal(15.5, 0.5), generator.normal(7.3, 0.4), generator.normal(15.5, 0.7)
    long, wide = generator.normal(11.5, 0.7), generator.normal(5.2, 0.35)
    lungs = {}
    for side, direction in (("right", -1), ("left", 1)):
        y, x = (_ROW - middle) / long, (_COLUMN - centre - direction * apart) / wide
        lungs[side] = 1 / (1 + np.exp(8 * (np.hypot(y, x) - 1)))
    body = 0.72 - 0.42 * np.maximum(lungs["left"], lungs["right"])
    heart = _bump(middle + 5, centre + generator.normal(3, 0.4), generator.normal(4, 0.4), generator.normal(3.6, 0.4))
    body += 0.32 * heart
    phase, tilt, spacing = generator.uniform(0, 2 * np.pi), generator.normal(0.12, 0.03), generator.normal(5.5, 0.3)
    bend = tilt * np.abs(_COLUMN - centre)
    body += 0.045 * np.sin(2 * np.pi * (_ROW + bend) / spacing + phase) * np.maximum(lungs["left"], lungs["right"])
    for direction in (-1, 1):  # vessels, thin and bright, spread from the middle into the lung
        for _ in range(4):
            row, column = generator.normal(middle, 4), centre + direction * generator.uniform(4, 10)
            height, slope = generator.uniform(0.6, 2.5), generator.normal()
            body += generator.uniform(0.04, 0.13) * _bump(row, column, height, 0.7, slope)
        # One vessel runs towards the viewer and looks like a small nodule.
        row, column = generator.normal(middle, 4), centre + direction * generator.uniform(4, 10)
        body += generator.uniform(0.05, 0.2) * _bump(row, column, 0.8, 0.8)
    cloud = ndimage.gaussian_filter(generator.normal(size=(SIZE, SIZE)), 2.5)
    return body + 0.03 * cloud / cloud.std(), lungs


def _nodule(lung: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.float64]:
    """Return a blurred round nodule inside a lung."""
    inside = np.argwhere(lung > 0.9)
    row, column = inside[generator.integers(len(inside))]
    radius = generator.uniform(1.3, 2.2)
    return generator.uniform(0.14, 0.38) * _bump(row, column, radius, radius * generator.uniform(0.85, 1.15))


def _taken(
    body: NDArray[np.float64], hospital: Hospital, marked: bool, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return the image that a hospital takes of a body."""
    exposure = generator.normal(0, 0.03)
    image = 0.5 + hospital.contrast * (body - 0.5) + exposure + generator.normal(0, hospital.noise, body.shape)
    if marked:
        row, column = _MARKER_PLACE
        place = image[row : row + 4, column : column + 3]
        place[_MARKER] = 1.0
    return np.clip(image, 0, 1)
