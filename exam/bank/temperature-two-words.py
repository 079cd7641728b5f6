"""Softmax of two scores at a temperature."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b = int(rng.integers(20, 40)) / 10, int(rng.integers(5, 18)) / 10
        t = float(rng.choice([0.5, 2.0, 3.0]))
        p = float(1 / (1 + np.exp(-(a - b) / t)))
        values = {"answer": p, "cold": float(1 / (1 + np.exp(b - a))), "other": 1 - p}
        if np.diff(sorted(round(value, 2) for value in values.values())).min() >= 0.03:
            return {"a": a, "b": b, "t": t} | values
