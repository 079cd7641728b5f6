"""Dice from Jaccard."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        j = int(rng.integers(40, 91)) / 100
        values = {"answer": 2 * j / (1 + j), "back": j / (2 - j), "same": j}
        if np.diff(sorted(round(value, 2) for value in values.values())).min() >= 0.03:
            return {"j": j} | values
