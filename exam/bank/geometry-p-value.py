"""The p-value of a permutation test, in which the real arrangement is one of the arrangements."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw how many shuffles there were and how many were as high; the three numbers always differ by enough."""
    n, k = int(rng.choice([199, 499, 999])), int(rng.integers(3, 16))
    values = {"answer": (k + 1) / (n + 1), "without": k / n, "rest": (n - k) / (n + 1)}
    return {"n": n, "k": k, "all": n + 1, "high": k + 1} | values
