"""Receptive field of stacked convolutions."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, k = int(rng.integers(2, 9)), int(rng.choice([3, 5, 7]))
        values = {"answer": 1 + n * (k - 1), "times": n * k, "one": k}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 1:
            return {"n": n, "k": k} | values
