"""Number of trainings in nested cross-validation."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw the size of both loops and the number of settings."""
    outer, inner = int(rng.choice([3, 4, 5, 8, 10])), int(rng.choice([3, 4, 5, 10]))
    settings = int(rng.integers(4, 25))
    each = settings * inner
    return {
        "outer": outer,
        "inner": inner,
        "settings": settings,
        "answer": outer * (each + 1),
        "no_refit": outer * each,
        "flat": each + 1,
        "no_inner": outer * (settings + 1),
    }
