"""Specificity for a predictive value of one half."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        p, se = int(rng.integers(10, 81)), int(rng.integers(70, 96)) / 100
        rate = 100 * se * p / (1000 - p)
        values = {"answer": 100 - rate, "same": 100 * se, "fpr": rate}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.5:
            return {"p": p, "se": se} | values
