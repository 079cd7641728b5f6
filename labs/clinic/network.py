"""Small networks for grey images: training, Grad-CAM, attacks, and intervals by patient.

>>> from clinic import network
>>> model = network.cnn(seed=219)
>>> history = network.fit(model, train, validation, epochs=15, seed=219)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from torch import Tensor, nn
from torch.nn import functional

__all__ = [
    "History",
    "Strongest",
    "attack",
    "auc",
    "auc_interval",
    "cnn",
    "fit",
    "flip",
    "grad_cam",
    "hidden",
    "intervals",
    "logits",
    "loss",
    "mean_interval",
    "parameters",
    "perceptron",
    "prepare",
    "shift",
    "tensor",
    "train_step",
]

Change = Callable[[Tensor, torch.Generator], Tensor]


class Labelled(Protocol):
    """Images with an answer each."""

    @property
    def images(self) -> NDArray[np.float32]: ...

    @property
    def ill(self) -> NDArray[np.int64]: ...


def prepare(seed: int) -> None:
    """Make torch repeat itself: fixed seed, deterministic algorithms, and one thread, since sums depend on their order."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.manual_seed(seed)


# Networks


class Brightness(nn.Module):
    """Move brightness from 0 to 1 to values from -2 to 2, which suit the layers that follow."""

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape."""
        return 4 * x - 2


class Strongest(nn.Module):
    """Keep the strongest answer of each channel, wherever in the image it is."""

    def forward(self, x: Tensor) -> Tensor:
        """Turn shape (n, channels, height, width) into (n, channels)."""
        return x.amax(dim=(2, 3))


def perceptron(seed: int, size: int = 32) -> nn.Sequential:
    """Return one neuron that looks at all pixels."""
    torch.manual_seed(seed)
    return nn.Sequential(Brightness(), nn.Flatten(), nn.Linear(size * size, 1))


def hidden(seed: int, neurons: int = 64, size: int = 32) -> nn.Sequential:
    """Return a network with one hidden layer."""
    torch.manual_seed(seed)
    return nn.Sequential(Brightness(), nn.Flatten(), nn.Linear(size * size, neurons), nn.ReLU(), nn.Linear(neurons, 1))


def cnn(seed: int, channels: int = 8, *, place: bool = False) -> nn.Sequential:
    """Return a convolutional network with three convolutions.

    Parameters
    ----------
    seed : int
        Seed of the first weights.
    channels : int
        Channels of the first convolution; the second has twice as many, the third four times.
    place : bool
        Whether the last layer is to know *where* in the image (of 32 x 32 pixels) something was found; by default only
        how strong it was.
    """
    torch.manual_seed(seed)
    one, two, four = channels, 2 * channels, 4 * channels
    head = [nn.MaxPool2d(2), nn.Flatten(), nn.Linear(four * 16, 1)] if place else [Strongest(), nn.Linear(four, 1)]
    return nn.Sequential(
        Brightness(),
        *(nn.Conv2d(1, one, 3, padding=1), nn.MaxPool2d(2), nn.BatchNorm2d(one), nn.ReLU()),
        *(nn.Conv2d(one, two, 3, padding=1), nn.MaxPool2d(2), nn.BatchNorm2d(two), nn.ReLU()),
        *(nn.Conv2d(two, four, 3, padding=1), nn.BatchNorm2d(four), nn.ReLU()),
        *head,
    )


def parameters(model: nn.Module) -> int:
    """Count the numbers that a network learns."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


# Training


@dataclass(frozen=True)
class History:
    """How a training went, one value an epoch.

    Parameters
    ----------
    train_loss, validation_loss : tuple of float
        Cross-entropy of the training images, as they were seen, and of the validation images, after the epoch.
    validation_auc : tuple of float
        AUC of the validation images after the epoch.
    """

    train_loss: tuple[float, ...]
    validation_loss: tuple[float, ...]
    validation_auc: tuple[float, ...]


def tensor(images: NDArray[np.float32], device: torch.device | str = "cpu") -> Tensor:
    """Return images of shape (n, height, width) as a tensor of shape (n, 1, height, width)."""
    return torch.tensor(images, dtype=torch.float32, device=device)[:, None]


def loss(outputs: Tensor, target: Tensor) -> Tensor:
    """Return the cross-entropy of a network's outputs, of shape (n, 1), with the answers, 1 or 0."""
    return functional.binary_cross_entropy_with_logits(outputs[:, 0], target)


def train_step(model: nn.Module, optimiser: torch.optim.Optimizer, images: Tensor, target: Tensor) -> float:
    """Take one step down the gradient, and return the loss before it."""
    optimiser.zero_grad()
    error = loss(model(images), target)
    torch.autograd.backward(error)
    optimiser.step()
    return error.item()


def fit(
    model: nn.Module,
    train: Labelled,
    validation: Labelled,
    *,
    epochs: int,
    seed: int,
    rate: float = 0.01,
    batch: int = 32,
    augment: Sequence[Change] = (),
    epsilon: float = 0.0,
    device: torch.device | str = "cpu",
) -> History:
    """Train a network, in place.

    Parameters
    ----------
    model : torch.nn.Module
        With one output an image; left on `device`, in evaluation mode.
    train, validation : Labelled
        Images with their answers; the validation images are only looked at.
    epochs : int
        How many times every training image is seen.
    seed : int
        Seed of the order of the images and of all changes.
    rate : float
        Learning rate of the first epoch; it falls to 0 along half a cosine.
    batch : int
        Images a step.
    augment : sequence of functions
        Each changes a batch of images at random, given a generator.
    epsilon : float
        Above 0 every other training step learns from attacked images with a budget of this size (adversarial training).
    device : torch.device or str
        Where to compute.

    Returns
    -------
    History
    """
    # The quicker order of the numbers in memory.
    model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), rate, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    images, target = tensor(train.images), torch.tensor(train.ill, dtype=torch.float32)
    losses, checks = [], []
    for _ in range(epochs):
        errors = []
        for number, rows in enumerate(_batches(torch.randperm(len(images), generator=generator), batch)):
            seen, truth = images[rows], target[rows].to(device)
            for change in augment:
                seen = change(seen, generator)
            seen = seen.to(device)
            model.eval()
            if epsilon and number % 2:
                seen = attack(model, seen, truth, epsilon)
            model.train()
            errors.append(train_step(model, optimiser, seen, truth) * len(rows))
        schedule.step()
        losses.append(sum(errors) / len(images))
        checks.append(_check(model, validation))
    validation_loss, validation_auc = zip(*checks, strict=True)
    return History(tuple(losses), validation_loss, validation_auc)


def _batches(values: Tensor, size: int) -> list[Tensor]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def _check(model: nn.Module, images: Labelled) -> tuple[float, float]:
    output = logits(model, images.images)
    error = loss(torch.tensor(output)[:, None], torch.tensor(images.ill, dtype=torch.float32))
    return error.item(), auc(images.ill, output)


def logits(model: nn.Module, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a network's output for each image, before it is turned into a probability."""
    model.eval()
    device = next(model.parameters()).device
    with torch.no_grad():
        parts = [model(part)[:, 0] for part in _batches(tensor(images, device), 256)]
    output: NDArray[np.float32] = torch.cat(parts).cpu().numpy()
    return output


def flip(images: Tensor, generator: torch.Generator) -> Tensor:
    """Turn left and right of each image with probability one half."""
    chosen = torch.rand(len(images), generator=generator) < 0.5
    return torch.where(chosen[:, None, None, None], images.flip(-1), images)


def shift(images: Tensor, generator: torch.Generator, pixels: int = 2) -> Tensor:
    """Move the images of a batch by up to some pixels, all alike; what leaves on one side comes back on the other."""
    down, right = torch.randint(-pixels, pixels + 1, (2,), generator=generator).tolist()
    return images.roll((down, right), dims=(2, 3))


# Looking into a network


def grad_cam(model: nn.Module, layer: nn.Module, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute Grad-CAM maps for the answer "ill".

    Parameters
    ----------
    model, layer : torch.nn.Module
        The network, and the layer of it whose channels are weighed.
    images : array, shape (n, height, width)

    Returns
    -------
    array, shape (n, height, width)
        At least 0, of the size of the images; not scaled.
    """
    kept: list[Tensor] = []
    hook = layer.register_forward_hook(lambda *arguments: kept.append(arguments[2]))
    model.eval()
    device = next(model.parameters()).device
    try:
        output = model(tensor(images, device)).sum()
    finally:
        hook.remove()
    (gradients,) = torch.autograd.grad(output, kept[0])
    weights = gradients.mean(dim=(2, 3), keepdim=True)
    maps = torch.relu((weights * kept[0]).sum(dim=1, keepdim=True))
    maps = functional.interpolate(maps, size=images.shape[1:], mode="bilinear")
    result: NDArray[np.float32] = maps[:, 0].detach().cpu().numpy()
    return result


def attack(model: nn.Module, images: Tensor, target: Tensor, epsilon: float, steps: int = 1) -> Tensor:
    """Change images within a budget so that a network's loss grows.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode.
    images : Tensor, shape (n, 1, height, width)
        Brightness from 0 to 1.
    target : Tensor, shape (n,)
        The true answers, 1 or 0.
    epsilon : float
        The most that a pixel may change.
    steps : int
        1 for the fast gradient sign method; more for its patient form, projected gradient descent, which takes smaller
        steps and looks at the gradient anew before each.

    Returns
    -------
    Tensor
        The attacked images, from 0 to 1.
    """
    size = epsilon if steps == 1 else 2 * epsilon / steps
    changed = images.clone()
    for _ in range(steps):
        changed.requires_grad_(True)
        (gradient,) = torch.autograd.grad(loss(model(changed), target), changed)
        changed = changed.detach() + size * gradient.sign()
        changed = images + (changed - images).clamp(-epsilon, epsilon)
        changed = changed.clamp(0, 1)
    return changed.detach()


# Figures with their uncertainty


def auc(truth: ArrayLike, score: ArrayLike) -> float:
    """Compute the area under the ROC curve from the ranks of the scores."""
    ill = np.asarray(truth) == 1
    ranks = stats.rankdata(score)
    return float((ranks[ill].mean() - (ill.sum() + 1) / 2) / (~ill).sum())


def auc_interval(
    truth: ArrayLike, score: ArrayLike, patient: ArrayLike, *, resamples: int, seed: int
) -> tuple[float, float]:
    """Compute the 95 % percentile bootstrap interval of the AUC, resampled by patient.

    Parameters
    ----------
    truth, score, patient : array_like, shape (n,)
        Of each image: 1 or 0, the score, and whose image it is.
    resamples : int
        How many times the patients are drawn.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    low, high : float
    """
    ill = np.asarray(truth) == 1
    score = np.asarray(score, dtype=float)
    difference = np.subtract.outer(score[ill], score[~ill])
    above = (difference > 0) + 0.5 * (difference == 0)
    times = _drawn(patient, resamples, seed).astype(float)
    right = np.einsum("ri,ri->r", times[:, ill] @ above, times[:, ~ill])
    areas = right / (times[:, ill].sum(axis=1) * times[:, ~ill].sum(axis=1))
    return _middle(areas)


def mean_interval(value: ArrayLike, patient: ArrayLike, *, resamples: int, seed: int) -> tuple[float, float]:
    """Compute the 95 % percentile bootstrap interval of a mean over images, resampled by patient."""
    times = _drawn(patient, resamples, seed)
    return _middle(times @ np.asarray(value, dtype=float) / times.sum(axis=1))


def intervals(
    measure: Callable[[NDArray[np.int64]], float], patient: ArrayLike, *, resamples: int, seed: int
) -> tuple[float, float]:
    """Compute the 95 % percentile bootstrap interval of any measure, resampled by patient.

    Parameters
    ----------
    measure : function
        Takes the numbers of the drawn images, some of them several times, and gives a number.
    patient : array_like, shape (n,)
        Whose image it is.
    resamples : int
        How many times the patients are drawn.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    low, high : float
    """
    rows = np.arange(len(np.asarray(patient)))
    return _middle([measure(np.repeat(rows, times)) for times in _drawn(patient, resamples, seed)])


def _drawn(patient: ArrayLike, resamples: int, seed: int) -> NDArray[np.int64]:
    """Return how many times each image is drawn in each resample: as often as its patient."""
    everyone, owner = np.unique(np.asarray(patient), return_inverse=True)
    generator = np.random.default_rng(seed)
    number = len(everyone)
    times: NDArray[np.int64] = generator.multinomial(number, np.full(number, 1 / number), size=resamples)
    return times[:, owner]


def _middle(values: ArrayLike) -> tuple[float, float]:
    low, high = np.quantile(np.asarray(values), [0.025, 0.975])
    return float(low), float(high)
