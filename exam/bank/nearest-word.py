"""Cosine similarity to the nearest of three words, where another has the largest inner product."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the nearest word is clear and is not the one with the largest inner product."""
    while True:
        vectors = rng.integers(1, 10, (4, 2))
        lengths = np.hypot(*vectors.T)
        dots = vectors[1:] @ vectors[0]
        cosines = dots / lengths[1:] / lengths[0]
        clear = cosines[0] > cosines[1] + 0.06 and cosines[1] > cosines[2] + 0.1 and 0.85 < cosines[0] < 0.985
        if clear and dots[1] > dots[0] + 5 and dots[0] > dots[2] + 3:
            values = {"answer": float(cosines[0]), "other": float(cosines[1]), "dot": float(dots[0])}
            named = zip("qmwh", vectors.tolist(), strict=True)
            return {f"{name}{place}": pair[place] for name, pair in named for place in (0, 1)} | values
