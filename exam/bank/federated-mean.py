"""Weighted mean of two parameters."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b = int(rng.integers(5, 20)) * 10, int(rng.integers(30, 80)) * 10
        x, y = int(rng.integers(10, 50)) / 100, int(rng.integers(60, 99)) / 100
        values = {"answer": (a * x + b * y) / (a + b), "plain": (x + y) / 2}
        if abs(values["answer"] - values["plain"]) > 0.03:
            return {"a": a, "b": b, "x": x, "y": y} | values
