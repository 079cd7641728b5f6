"""Rule of three."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = int(rng.integers(6, 60)) * 10
        values = {"answer": 300 / n, "zero": 0.0, "one": 100 / n}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.3:
            return {"n": n} | values
