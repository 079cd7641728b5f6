"""Number needed to screen."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = int(rng.integers(4, 21)) * 500
        b = int(n * rng.uniform(0.004, 0.007))
        a = b + int(rng.integers(4, 15))
        values = {"answer": n / (a - b), "all": n / a}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"n": n, "a": a, "b": b} | values
