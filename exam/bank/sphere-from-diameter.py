"""Cube of a ratio."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        d, error = int(rng.integers(20, 61)), int(rng.integers(2, 6))
        ratio = (d + error) / d
        values = {"answer": 100 * (ratio**3 - 1), "linear": 100 * (ratio - 1), "square": 100 * (ratio**2 - 1)}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"d": d, "error": error} | values
