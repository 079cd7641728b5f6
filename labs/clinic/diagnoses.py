"""The names of diseases in a classification, and a small model that learns to write such names.

>>> from clinic import diagnoses
>>> diagnoses.load_names()["I21"]
'Acute myocardial infarction'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from xml.etree import ElementTree

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

__all__ = ["Writer", "load_names", "plain", "train_writer", "words"]

_END = "\n"


def load_names() -> dict[str, str]:
    """Load the codes and names of ICD-10-CM, April 2026, from the installed package simple-icd-10-cm.

    Returns
    -------
    dict
        Name by code, categories ("I21") and all that stands below them, in the order of the classification. Codes that
        only add a seventh character (such as "initial encounter") are not among them.
    """
    source = files("simple_icd_10_cm") / "data" / "icd10c-tabular-April-1-2026.xml"
    tree = ElementTree.fromstring(source.read_bytes())  # noqa: S314  # a file of a package
    return {str(item.findtext("name")): str(item.findtext("desc")) for item in tree.iter("diag")}


def plain(name: str) -> str:
    """Return a name in small letters and single spaces, so that only its words count."""
    return " ".join(name.lower().split())


def words(name: str) -> list[str]:
    """Return the words of a name in small letters; an apostrophe belongs to its word."""
    return re.findall(r"[a-z]+(?:'[a-z]+)?", plain(name))


class _Network(torch.nn.Module):
    """Predicts the next character from all before it."""

    def __init__(self, characters: int, width: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(characters, 32)
        self.memory = torch.nn.GRU(32, width, batch_first=True)
        self.output = torch.nn.Linear(width, characters)

    def forward(self, read: torch.Tensor, state: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        seen, state = self.memory(self.embedding(read), state)
        return self.output(seen), state


@dataclass(frozen=True, eq=False)
class Writer:
    """A model that writes names, character by character.

    Parameters
    ----------
    characters : str
        All characters that it knows; the first one, a new line, begins and ends a name.
    network : torch.nn.Module
        Scores of the next character.
    losses : tuple of float
        Mean loss per character in each epoch of the training.
    """

    characters: str
    network: torch.nn.Module
    losses: tuple[float, ...]

    def next(self, start: str) -> dict[str, float]:
        """Return the probability of each character to come next; a new line means the end of the name.

        Parameters
        ----------
        start : str
            What stands so far, of characters that it knows.
        """
        read = torch.tensor([[0, *(self.characters.index(one) for one in start)]], device=self._device)
        with torch.inference_mode():
            scores, _ = self.network(read)
        return dict(zip(self.characters, functional.softmax(scores[0, -1], dim=0).tolist(), strict=True))

    def write(self, count: int, temperature: float, seed: int, longest: int = 60) -> list[str]:
        """Write names.

        Parameters
        ----------
        count : int
            How many.
        temperature : float
            Above 0; the scores are divided by it, so a low one makes likely characters likelier still.
        seed : int
            Seed of the random numbers.
        longest : int
            Names are cut after so many characters.

        Returns
        -------
        list of str
        """
        draw = np.random.default_rng(seed).random((longest, count))
        last, state, columns = torch.zeros((count, 1), dtype=torch.long, device=self._device), None, []
        with torch.inference_mode():
            for chances in draw:
                scores, state = self.network(last, state)
                share = functional.softmax(scores[:, 0].double() / temperature, dim=1).cpu().numpy()
                column = _drawn(share, chances)
                columns.append(column)
                last = torch.as_tensor(column, device=self._device)[:, None]
        rows = ("".join(self.characters[place] for place in row) for row in np.stack(columns, axis=1))
        return [row.partition(_END)[0] for row in rows]

    @property
    def _device(self) -> torch.device:
        return next(self.network.parameters()).device


def _drawn(share: NDArray[np.float64], chances: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw one place a row, given one random number from 0 to 1 a row."""
    places: NDArray[np.int64] = (share.cumsum(axis=1) < chances[:, None]).sum(axis=1)
    return np.minimum(places, np.int64(share.shape[1] - 1))


def train_writer(
    names: Sequence[str],
    *,
    width: int = 128,
    epochs: int = 12,
    rate: float = 0.012,
    seed: int = 219,
    device: torch.device | None = None,
) -> Writer:
    """Train a model to write names like the given ones.

    Parameters
    ----------
    names : sequence of str
        What to learn from.
    width : int
        Size of its memory (a gated recurrent unit, GRU).
    epochs : int
        How often to go through the names.
    rate : float
        Highest learning rate.
    seed : int
        Seed of the weights and of the order of the names.
    device : torch.device, optional
        Where to compute; the CPU by default.

    Returns
    -------
    Writer
    """
    device = device or torch.device("cpu")
    characters = _END + "".join(sorted(set("".join(names))))
    coded = [torch.tensor([0, *(characters.index(one) for one in name), 0]) for name in names]
    lengths = torch.tensor([len(one) for one in coded])
    torch.manual_seed(seed)
    network = _Network(len(characters), width).to(device)
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate)
    size = 64
    steps = epochs * -(-len(coded) // size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    shuffled = torch.Generator().manual_seed(seed)
    losses = []
    for _ in range(epochs):
        # Names of like length go together, in a new mixture each time: less padding to compute.
        order = torch.argsort(lengths + 6 * torch.rand(len(coded), generator=shuffled))
        batches = torch.split(order, size)
        total = 0.0
        for place in torch.randperm(len(batches), generator=shuffled):
            chosen = [coded[int(one)] for one in batches[int(place)]]
            # -1 stands behind the end of a name and is not scored
            padded = torch.nn.utils.rnn.pad_sequence(chosen, batch_first=True, padding_value=-1).to(device)
            scores, _ = network(padded[:, :-1].clamp(min=0))
            loss = functional.cross_entropy(scores.flatten(0, 1), padded[:, 1:].flatten(), ignore_index=-1)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        losses.append(total / len(batches))
    return Writer(characters, network, tuple(losses))
