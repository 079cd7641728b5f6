"""Two volumes and what they share."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until Dice, Jaccard and recall differ by more than the tolerance."""
    while True:
        a, b = int(rng.integers(12, 61)), int(rng.integers(12, 61))
        both = int(rng.integers(min(a, b) // 2, min(a, b)))
        values = {"answer": 2 * both / (a + b), "jaccard": both / (a + b - both), "recall": both / a}
        if np.diff(sorted(values.values())).min() > 0.03:
            return {"a": a, "b": b, "both": both} | values
