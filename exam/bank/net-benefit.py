"""Net benefit of a decision at a threshold."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        threshold = rng.integers(1, 6) / 20
        n, tp, fp = int(rng.integers(4, 11)) * 100, int(rng.integers(30, 90)), int(rng.integers(40, 150))
        values = {
            "answer": tp / n - fp / n * threshold / (1 - threshold),
            "raw": tp / n - fp / n * threshold,
            "without": (tp - fp) / n,
        }
        if np.diff(sorted(values.values())).min() > 0.003:
            return {"threshold": threshold, "n": n, "tp": tp, "fp": fp} | values
