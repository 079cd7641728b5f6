"""Predictive value of alarms."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, tp, fn = int(rng.integers(60, 300)), int(rng.integers(8, 30)), int(rng.integers(2, 25))
        values = {"answer": 100 * tp / n, "sens": 100 * tp / (tp + fn)}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"n": n, "tp": tp, "fn": fn} | values
