"""Weights and biases of a convolution."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        k, a, b, size = (
            int(rng.choice([3, 5])),
            int(rng.integers(2, 17)),
            int(rng.integers(4, 33)),
            int(rng.choice([64, 128, 256])),
        )
        values = {"answer": k * k * a * b + b, "image": size * size * b, "one": k * k * b + b}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 1:
            return {"k": k, "a": a, "b": b, "size": size} | values
