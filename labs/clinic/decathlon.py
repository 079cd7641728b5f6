"""Scans of real patients with a brain tumour: Task01 of the Medical Segmentation Decathlon, and two heads of pyradiomics."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import nibabel as nib
import numpy as np
import numpy.typing as npt
import SimpleITK as sitk  # noqa: N813  # as its makers write it
from scipy import ndimage

from clinic.fetch import download
from clinic.tumour import SEQUENCES, Case

__all__ = ["Scans", "fetch_brain_tumours", "fetch_heads", "read_folder"]

#: What the Decathlon calls our sequences, in lower case.
_NAMES = {"t1w": "T1", "t1gd": "T1c", "t2w": "T2", "flair": "FLAIR"}


@dataclass(frozen=True)
class Scans(Sequence[Case]):
    """Scans in files, each read when it is asked for.

    Parameters
    ----------
    files : tuple of (Path, Path)
        Image and label of each patient.
    order : tuple of int
        Where T1, T1c, T2 and FLAIR stand in the files.
    """

    files: tuple[tuple[Path, Path], ...]
    order: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.files)

    @overload
    def __getitem__(self, number: int) -> Case: ...

    @overload
    def __getitem__(self, number: slice) -> Scans: ...

    def __getitem__(self, number: int | slice) -> Case | Scans:
        """Read a patient, or choose several without reading them."""
        if isinstance(number, slice):
            return Scans(self.files[number], self.order)
        image_file, label_file = self.files[number]
        image, label = (_canonical(nib.load(one)) for one in (image_file, label_file))
        values = np.asarray(image.dataobj, dtype=np.float32)[..., list(self.order)]
        return Case(
            image_file.name.split(".")[0],
            np.ascontiguousarray(np.moveaxis(values, -1, 0)),
            np.asarray(label.dataobj).astype(np.uint8),
            np.asarray(image.affine, dtype=np.float64),
        )

    def choose(self, numbers: Iterable[int]) -> Scans:
        """Return some of the patients, in the order given."""
        return Scans(tuple(self.files[int(number)] for number in numbers), self.order)


def read_folder(folder: Path) -> Scans:
    """Find the scans with a label in an unpacked task of the Decathlon.

    Parameters
    ----------
    folder : Path
        Holds ``dataset.json``, which says where the scans are and which sequence is which.

    Returns
    -------
    Scans
        In the order of the patients' names.
    """
    said = json.loads((folder / "dataset.json").read_text("utf-8"))
    found = {_NAMES[name.lower()]: int(place) for place, name in said["modality"].items() if name.lower() in _NAMES}
    if set(found) != set(SEQUENCES):
        raise ValueError(f"{folder / 'dataset.json'} names {sorted(found)}, not the sequences {list(SEQUENCES)}.")
    files = sorted((folder / one["image"], folder / one["label"]) for one in said["training"])
    return Scans(tuple(files), tuple(found[sequence] for sequence in SEQUENCES))


def fetch_brain_tumours() -> Scans:
    """Download and unpack Task01 of the Medical Segmentation Decathlon, if it is not there yet.

    Raises
    ------
    DataError
        If the archive can't be had; the message says what to do.
    """
    (archive,) = download("msd-brain-tumour")
    folder = archive.parent / "Task01_BrainTumour"
    done = folder / "unpacked"
    if not done.exists():
        with tarfile.open(archive) as opened:
            # Python before 3.11.4 has no filters, and passes over this
            opened.extraction_filter = getattr(tarfile, "data_filter", None)
            opened.extractall(archive.parent)  # noqa: S202  # filtered, and known by its hash
        done.touch()
    return read_folder(folder)


def fetch_heads(spacing: float) -> list[Case]:
    """Fetch two real heads with a brain tumour, of which there is only T1 with contrast agent.

    Parameters
    ----------
    spacing : float
        Edge in mm of the voxels that the heads are brought to.

    Returns
    -------
    list of Case
        The other three sequences are 0 everywhere. In the label 1 is tumour; which part of it was drawn isn't documented.

    Raises
    ------
    DataError
        If the files can't be had; the message says what to do.
    """
    paths = download("pyradiomics")
    return [
        _head(image, label, spacing, f"brain{number}")
        for number, (image, label) in enumerate(zip(paths[::2], paths[1::2], strict=True), start=1)
    ]


def _head(image_file: Path, label_file: Path, spacing: float, name: str) -> Case:
    image, label = (_cubes(path, spacing, order) for path, order in ((image_file, 1), (label_file, 0)))
    values = np.zeros((len(SEQUENCES), *image.shape), dtype=np.float32)
    values[SEQUENCES.index("T1c")] = image
    return Case(name, values, (label > 0).astype(np.uint8), np.diag([spacing, spacing, spacing, 1.0]))


def _cubes(path: Path, spacing: float, order: int) -> npt.NDArray[np.float32]:
    """Read a NRRD file with its axes to the right, the nose and the top, and make its voxels cubes."""
    read: Any = sitk.ReadImage(str(path))
    values = sitk.GetArrayFromImage(read).T.astype(np.float32)
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(read.GetDirection(), (3, 3)) * read.GetSpacing()
    affine[:2] *= -1  # ITK's axes run to the left and to the back
    turned = _canonical(nib.Nifti1Image(values, affine))  # type: ignore[no-untyped-call]
    factors = [edge / spacing for edge in turned.header.get_zooms()]
    return np.asarray(ndimage.zoom(np.asarray(turned.dataobj), factors, order=order), dtype=np.float32)


def _canonical(image: Any) -> Any:
    """Turn the axes of an image to the right, the nose and the top."""
    return nib.as_closest_canonical(image)  # type: ignore[no-untyped-call]
