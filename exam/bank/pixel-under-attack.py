"""One pixel before and after the fast gradient sign method."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw a pixel that does not reach the end of the scale."""
    epsilon, pixel = int(rng.integers(8, 31)) / 1000, int(rng.integers(20, 80)) / 100
    slope = int(rng.choice([-1, 1])) * int(rng.integers(2, 45)) / 100
    towards = epsilon if slope > 0 else -epsilon
    values = {"answer": pixel + towards, "helped": pixel - towards, "scaled": pixel + epsilon * slope}
    return {"epsilon": epsilon, "pixel": pixel, "slope": slope} | values
