"""Cosine of two vectors."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b, c, d = (int(value) for value in rng.integers(1, 9, 4))
        dot = a * c + b * d
        values = {"answer": float(dot / np.hypot(a, b) / np.hypot(c, d)), "dot": float(dot)}
        if values["answer"] < 0.985:
            return {"a": a, "b": b, "c": c, "d": d} | values
