"""Measured accuracy when labels are wrong at random."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        right, wrong = int(rng.integers(80, 93)), int(rng.integers(10, 26))
        once = right * (100 - wrong) / 100
        values = {"answer": once + (100 - right) * wrong / 100, "once": once, "right": right, "ceiling": 100 - wrong}
        if np.diff(sorted(round(value) for value in values.values())).min() >= 2:
            return {"wrong": wrong} | values
