"""Reward prediction errors of a reward that comes by chance, after learning."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until a win surprises by another amount than the tune does."""
    while True:
        p, r = int(rng.integers(1, 10)) / 10, int(rng.integers(2, 13))
        if abs(p - 0.5) > 0.05:
            return {"p": p, "r": r, "tone": p * r, "win": (1 - p) * r, "loss": -p * r}
