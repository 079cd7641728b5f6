"""Density of an undirected graph."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = int(rng.integers(8, 31))
        pairs = n * (n - 1) / 2
        m = int(pairs * rng.uniform(0.2, 0.7))
        values = {"answer": m / pairs, "directed": m / (2 * pairs)}
        if abs(values["answer"] - values["directed"]) > 0.05:
            return {"n": n, "m": m} | values
