"""Positive likelihood ratio."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        se, sp = int(rng.integers(60, 96)) / 100, int(rng.integers(70, 96)) / 100
        values = {"answer": se / (1 - sp), "negative": sp / (1 - se), "ratio": se / sp}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.3:
            return {"se": se, "sp": sp} | values
