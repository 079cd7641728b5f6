"""Mean squared error of three risks."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b, c = int(rng.integers(3, 8)) / 10, int(rng.integers(1, 6)) / 10, int(rng.integers(1, 6)) / 10
        squares = (1 - a) ** 2 + b**2 + c**2
        values = {"answer": squares / 3, "absolute": (1 - a + b + c) / 3, "sum": squares}
        if np.diff(sorted(round(value, 2) for value in values.values())).min() >= 0.03:
            return {"a": a, "b": b, "c": c} | values
