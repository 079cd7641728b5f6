"""The device that a lab computes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["device"]


def device(name: str = "auto") -> torch.device:
    """Return the device to compute on.

    Parameters
    ----------
    name : {'auto', 'cpu', 'cuda'}
        What the lab's parameter says; 'auto' takes a CUDA GPU if there is one.

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If there is no device of that name, or 'cuda' is asked for and there is none.
    """
    import torch

    if name not in ("auto", "cpu", "cuda"):
        raise ValueError(f"There is no device {name!r}. Choose 'auto', 'cpu' or 'cuda'.")
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("No CUDA device was found. Set device = 'cpu', or run where there is a GPU.")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")
