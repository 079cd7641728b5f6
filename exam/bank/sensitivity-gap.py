"""Difference of two shares."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        na, nb = int(rng.integers(60, 150)), int(rng.integers(20, 50))
        a, b = int(na * rng.uniform(0.8, 0.95)), int(nb * rng.uniform(0.5, 0.75))
        values = {"answer": 100 * (a / na - b / nb), "count": float(a - b)}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"na": na, "nb": nb, "a": a, "b": b} | values
