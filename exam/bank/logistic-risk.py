"""Logistic function of a score."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        c, w, age = -int(rng.integers(4, 8)), int(rng.integers(4, 10)) / 10, int(rng.integers(4, 9)) * 10
        risk = 100 / (1 + np.exp(-(c + w * age / 10)))
        values = {"answer": risk, "other": 100 - risk, "half": 50}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"c": c, "w": w, "age": age} | values
