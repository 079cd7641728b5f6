"""Advantage of a membership attack."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = int(rng.integers(4, 21)) * 10
        tp, fp = int(n * rng.uniform(0.55, 0.9)), int(n * rng.uniform(0.2, 0.5))
        values = {"answer": (tp - fp) / n, "accuracy": (tp + n - fp) / (2 * n)}
        if abs(values["answer"] - values["accuracy"]) > 0.05:
            return {"n": n, "tp": tp, "fp": fp} | values
