"""Segmentation of tumours in three dimensions: a network, its training, and what it says of a new scan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from monai.inferers.utils import sliding_window_inference
from monai.losses.dice import DiceLoss
from monai.networks.nets.segresnet import SegResNet
from monai.networks.nets.unet import UNet
from torch import nn
from torch.utils.data import DataLoader, Dataset

from clinic.regions import REGIONS, to_regions
from clinic.tumour import SEQUENCES, Case

__all__ = ["FULL", "QUICK", "Plan", "Trained", "network", "normalise", "predict", "sureness", "train"]


@dataclass(frozen=True)
class Plan:
    """How large a network is, and how it is trained.

    Parameters
    ----------
    residual : bool
        A SegResNet, or else a U-Net.
    filters : int
        Channels of the first level; each deeper level has twice as many.
    halvings : int
        How often the grid is halved on the way down.
    dropout : float
        Share of the channels that are left out at random in training.
    patch : tuple of int
        Size of the pieces of a scan that are learned from, in voxels.
    batch, steps : int
        Pieces a step, and how many steps.
    rate, decay : float
        Highest learning rate of Adam, and weight decay.
    workers : int
        Processes that read scans.
    """

    residual: bool
    filters: int
    halvings: int
    dropout: float
    patch: tuple[int, int, int]
    batch: int
    steps: int
    rate: float
    decay: float
    workers: int


QUICK = Plan(False, 16, 2, 0.0, (32, 32, 32), 2, 500, 5e-3, 1e-5, 0)
FULL = Plan(True, 16, 3, 0.2, (128, 128, 128), 2, 25_000, 2e-4, 1e-5, 8)


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained network.

    Parameters
    ----------
    model : torch.nn.Module
        Ready to predict.
    loss : ndarray, shape (steps,)
        Loss at each step.
    plan : Plan
        How it was trained.
    """

    model: nn.Module
    loss: npt.NDArray[np.float64]
    plan: Plan


def network(plan: Plan) -> nn.Module:
    """Return a new network: four sequences in, a score (logit) for each of the three regions out."""
    if plan.residual:
        return SegResNet(
            spatial_dims=3,
            init_filters=plan.filters,
            in_channels=len(SEQUENCES),
            out_channels=len(REGIONS),
            dropout_prob=plan.dropout or None,
            blocks_down=(1, *[2] * (plan.halvings - 1), 4),
            blocks_up=(1,) * plan.halvings,
        )
    return UNet(
        spatial_dims=3,
        in_channels=len(SEQUENCES),
        out_channels=len(REGIONS),
        channels=[plan.filters * 2**level for level in range(plan.halvings + 1)],
        strides=[2] * plan.halvings,
        num_res_units=2,
        dropout=plan.dropout,
    )


def normalise(image: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Give each sequence mean 0 and standard deviation 1 within the brain.

    Parameters
    ----------
    image : ndarray, shape (channels, x, y, z)
        Any scale; 0 outside the brain.

    Returns
    -------
    ndarray of float32
        0 outside the brain, and everywhere in a sequence that is missing (all 0).
    """
    scaled = np.zeros(image.shape, dtype=np.float32)
    for channel, raw in enumerate(image):
        inside = raw != 0
        if inside.any():
            values = raw[inside].astype(np.float64)
            scaled[channel][inside] = (values - values.mean()) / max(values.std(), 1e-6)
    return scaled


class Patches(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Random pieces of the training scans, two of three with tumour in their middle.

    Parameters
    ----------
    cases : sequence of Case
        The training scans; read one by one, so that they need not fit into the memory.
    plan : Plan
        Size and number of the pieces.
    seed : int
        Piece number i is always the same with the same seed.
    """

    def __init__(self, cases: Sequence[Case], plan: Plan, seed: int) -> None:
        self.cases, self.plan, self.seed = cases, plan, seed
        self.order = np.concatenate(
            [
                np.random.default_rng([seed, turn]).permutation(len(cases))
                for turn in range(math.ceil(len(self) / len(cases)))
            ]
        )

    def __len__(self) -> int:
        """Return how many pieces are drawn in all."""
        return self.plan.batch * self.plan.steps

    def __getitem__(self, number: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return image and regions of one piece, float32."""
        rng = np.random.default_rng([self.seed, 1, number])
        case = self.cases[self.order[number]]
        tumour = np.argwhere(case.label > 0)
        within = tumour if len(tumour) and rng.random() < 2 / 3 else np.argwhere(case.image[0] != 0)
        middle = within[rng.integers(len(within))] + rng.integers(-6, 7, size=3)
        window = tuple(
            slice(start, start + size)
            for start, size in zip(
                (
                    int(np.clip(m - size // 2, 0, max(0, whole - size)))
                    for m, size, whole in zip(middle, self.plan.patch, case.label.shape, strict=True)
                ),
                self.plan.patch,
                strict=True,
            )
        )
        image = normalise(case.image)[(slice(None), *window)]
        regions = to_regions(case.label[window])
        for axis in range(3):
            if rng.random() < 0.5:
                image, regions = np.flip(image, axis + 1), np.flip(regions, axis + 1)
        inside = image != 0
        scale, shift = rng.uniform(0.9, 1.1, size=(2, len(image), 1, 1, 1))
        image = np.where(inside, image * scale + (shift - 1), 0)
        return torch.from_numpy(image.astype(np.float32)), torch.from_numpy(regions.astype(np.float32))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute sums in the same order on every machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def train(cases: Sequence[Case], plan: Plan, seed: int, device: torch.device) -> Trained:
    """Train a network on random pieces of scans.

    Parameters
    ----------
    cases : sequence of Case
        The training patients.
    plan : Plan
        Size and schedule.
    seed : int
        Seed of weights, pieces and their order.
    device : torch.device
        Where to compute; on CUDA with mixed precision.

    Returns
    -------
    Trained
    """
    with _one_thread():
        torch.manual_seed(seed)
        model = network(plan).to(device).train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=plan.decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=plan.steps, pct_start=0.2)
        overlap = DiceLoss(sigmoid=True, batch=True)
        entropy = nn.BCEWithLogitsLoss()
        scaler = torch.amp.GradScaler(enabled=device.type == "cuda")
        losses = []
        for image, regions in DataLoader(Patches(cases, plan, seed), batch_size=plan.batch, num_workers=plan.workers):
            with torch.autocast(device.type, torch.float16, enabled=device.type == "cuda"):
                logits = model(image.to(device))
            truth = regions.to(device)
            loss = overlap(logits.float(), truth) + entropy(logits.float(), truth)
            optimiser.zero_grad(set_to_none=True)
            scaler.scale(loss).backward()
            scaler.step(optimiser)
            scaler.update()
            schedule.step()
            losses.append(loss.item())
    return Trained(model.eval(), np.array(losses), plan)


def predict(trained: Trained, image: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Compute how probable each region is at each voxel.

    Parameters
    ----------
    trained : Trained
        The network.
    image : ndarray, shape (4, x, y, z)
        A scan; 0 outside the brain.

    Returns
    -------
    ndarray of float32, shape (3, x, y, z)
        Probability of whole tumour, tumour core and enhancing tumour; 0 outside the brain.
    """
    model, patch = trained.model, trained.plan.patch
    device = next(model.parameters()).device
    inside = np.any(image != 0, axis=0)
    probability = np.zeros((len(REGIONS), *inside.shape), dtype=np.float32)
    if not inside.any():
        return probability
    window = tuple(_stretch(np.flatnonzero(inside.any(axis=other))) for other in ((1, 2), (0, 2), (0, 1)))
    scan = torch.from_numpy(normalise(image)[(slice(None), *window)])[None]
    missing = [(-size) % 2**trained.plan.halvings for size in scan.shape[2:]]
    scan = nn.functional.pad(scan, [side for more in reversed(missing) for side in (0, more)]).to(device)
    with _one_thread(), torch.no_grad(), torch.autocast(device.type, torch.float16, enabled=device.type == "cuda"):
        whole = all(size <= 2 * edge for size, edge in zip(scan.shape[2:], patch, strict=True))
        logits: Any = model(scan) if whole else sliding_window_inference(scan, patch, 1, model, overlap=0.25)
    cut = tuple(slice(0, part.stop - part.start) for part in window)
    probability[(slice(None), *window)] = torch.sigmoid(logits.float())[0].cpu().numpy()[(slice(None), *cut)]
    probability *= inside
    return probability


def _stretch(places: npt.NDArray[np.intp]) -> slice:
    return slice(int(places[0]), int(places[-1]) + 1)


def sureness(probability: npt.NDArray[np.floating[Any]]) -> float:
    """Compute the Dice coefficient that the network expects of itself, if its probabilities are right.

    Parameters
    ----------
    probability : ndarray, any shape
        Probability of a region at each voxel.

    Returns
    -------
    float
        From 0 to 1; 0 if nothing is predicted.
    """
    said = probability >= 0.5
    total = float(probability.sum()) + int(said.sum())
    return 2 * float(probability[said].sum()) / total if said.any() else 0.0
