"""Error of the whole picture and share of a spot, learned and set to zero."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw a whole that is much better and a spot that is not."""
    spot = int(rng.integers(15, 29))
    return {
        "times": int(rng.choice([6, 8, 10])),
        "error": int(rng.integers(9, 15)),
        "error_zero": int(rng.integers(26, 34)),
        "spot": spot,
        "spot_zero": spot + int(rng.integers(1, 5)),
    }
