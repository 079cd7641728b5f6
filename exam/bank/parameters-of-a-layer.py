"""Weights and biases of a dense layer."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b = int(rng.integers(5, 65)), int(rng.integers(3, 33))
        values = {"answer": a * b + b, "weights": a * b, "inputs": a * b + a}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 1:
            return {"a": a, "b": b} | values
