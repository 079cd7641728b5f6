"""Mean degree of a graph."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, m = int(rng.integers(10, 41)), int(rng.integers(20, 121))
        values = {"answer": 2 * m / n, "once": m / n}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.5:
            return {"n": n, "m": m} | values
