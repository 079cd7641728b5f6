"""Numbers that a new last layer learns."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw a network and a number of diseases."""
    features, classes = int(rng.choice([384, 512, 768, 1024, 1536, 2048])), int(rng.integers(3, 13))
    return {
        "millions": int(rng.integers(45, 260)) / 10,
        "features": features,
        "classes": classes,
        "answer": (features + 1) * classes,
        "no_bias": features * classes,
        "one_bias": features * classes + 1,
        "single": features + 1,
    }
