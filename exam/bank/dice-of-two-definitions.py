"""Dice of two masks of which one lies within the other."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw two volumes of a brain that differ by six to fourteen per cent."""
    a = int(rng.integers(125, 156)) * 10
    b = round(a * float(rng.uniform(0.86, 0.94)) / 10) * 10
    return {"a": a, "b": b, "answer": 2 * b / (a + b), "inside": b / a, "lost": 1 - b / a}
