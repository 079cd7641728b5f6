"""Real scans: the layout of the Decathlon, in small made-up files, and the two heads of the mirror."""

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import clinic
import nibabel as nib
import numpy as np
import pytest
import torch
from clinic import decathlon, regions, segment


def write(path: Path, values: np.ndarray, affine: np.ndarray) -> None:
    path.parent.mkdir(exist_ok=True, parents=True)
    nib.Nifti1Image(values, affine).to_filename(path)


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """Three made-up scans laid out as the Decathlon does: sequences last, x and y mirrored."""
    folder = tmp_path / "made" / "Task01_BrainTumour"
    rng = np.random.default_rng(1)
    affine = np.diag([-1.0, -1.0, 1.0, 1.0])
    for number in (2, 1, 3):
        label = np.zeros((40, 36, 33), dtype=np.uint8)
        label[20:30, 10:20, 10:20], label[22:28, 12:18, 12:18], label[24:26, 14:16, 14:16] = 1, 3, 2
        brightness = np.stack([label > 0, label == 9, label == 3, label == 2], axis=-1) * 40  # FLAIR, T1, T1c, T2
        image = (100 + brightness + rng.normal(size=brightness.shape)).astype(np.float32)
        image[:3] = 0
        write(folder / "imagesTr" / f"BRATS_00{number}.nii.gz", image, affine)
        write(folder / "labelsTr" / f"BRATS_00{number}.nii.gz", label, affine)
    entries = [
        {"image": f"./imagesTr/BRATS_00{number}.nii.gz", "label": f"./labelsTr/BRATS_00{number}.nii.gz"}
        for number in (2, 1, 3)
    ]
    said = {"modality": {"0": "FLAIR", "1": "T1w", "2": "t1gd", "3": "T2w"}, "training": entries}
    (folder / "dataset.json").write_text(json.dumps(said))
    return folder


def test_scans_are_read_with_our_order_of_sequences_and_axes(task: Path) -> None:
    scans = decathlon.read_folder(task)
    assert len(scans) == 3
    case = scans[0]
    assert case.patient == "BRATS_001"
    assert case.image.shape == (4, 40, 36, 33)
    assert case.label.dtype == np.uint8
    mean = case.image[:, case.label == 3].mean(axis=1)
    assert np.argsort(mean)[-2:].tolist() == [1, 3] or np.argsort(mean)[-2:].tolist() == [3, 1]  # T1c and FLAIR
    assert mean[0] == pytest.approx(100, abs=1)
    assert (np.diag(case.affine)[:3] > 0).all()  # to the right, the nose and the top
    assert not case.image[:, -3:].any()  # the file's first slices, mirrored
    assert [one.patient for one in scans.choose([2, 0])] == ["BRATS_003", "BRATS_001"]
    assert [one.patient for one in scans[1:]] == ["BRATS_002", "BRATS_003"]


def test_a_folder_without_the_four_sequences_is_refused(task: Path) -> None:
    said = json.loads((task / "dataset.json").read_text())
    said["modality"]["2"] = "t1"
    (task / "dataset.json").write_text(json.dumps(said))
    with pytest.raises(ValueError, match="T1c"):
        decathlon.read_folder(task)


def test_a_step_of_the_full_profile(task: Path) -> None:
    scans = decathlon.read_folder(task)
    plan = replace(segment.FULL, filters=8, patch=(32, 32, 32), steps=1, workers=0)  # smaller, the same path
    trained = segment.train(scans.choose([0, 1]), plan, 1, torch.device("cpu"))
    assert np.isfinite(trained.loss).all()
    assert regions.to_labels(segment.predict(trained, scans[2].image) >= 0.5).shape == (40, 36, 33)


def test_the_archive_is_unpacked_once(task: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "Task01_BrainTumour.tar"
    with tarfile.open(archive, "w") as opened:
        opened.add(task, "Task01_BrainTumour")
    monkeypatch.setattr(decathlon, "download", lambda name: [archive])
    assert decathlon.fetch_brain_tumours()[0].patient == "BRATS_001"
    (tmp_path / "Task01_BrainTumour" / "imagesTr" / "BRATS_003.nii.gz").unlink()
    assert len(decathlon.fetch_brain_tumours()) == 3
    assert not (tmp_path / "Task01_BrainTumour" / "imagesTr" / "BRATS_003.nii.gz").exists()


def test_the_archive_is_the_one_that_monai_knows() -> None:
    from monai.apps import DecathlonDataset

    (file,) = clinic.load_card("msd-brain-tumour").files
    assert file.url == DecathlonDataset.resource["Task01_BrainTumour"]
    assert file.hash == f"md5:{DecathlonDataset.md5['Task01_BrainTumour']}"


def test_two_real_heads(public_data: Path) -> None:
    for case in decathlon.fetch_heads(3.0):
        assert [bool(one.any()) for one in case.image] == [False, True, False, False]
        assert 1 < regions.volume_ml(case.label > 0, case.affine) < 200
        assert case.label.shape == case.image.shape[1:]
        assert max(case.label.shape) * 3 == pytest.approx(200, abs=5)  # 256 voxels of 0.78 mm
        assert case.image[1][case.label > 0].mean() > np.quantile(case.image[1], 0.5)  # in the head, not in the air
