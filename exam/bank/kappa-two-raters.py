"""Cohen's kappa of two raters."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b, c, d = (int(rng.integers(*ends)) for ends in ((15, 40), (4, 15), (4, 15), (40, 90)))
        n = a + b + c + d
        agreed = (a + d) / n
        chance = ((a + b) * (a + c) + (c + d) * (b + d)) / n**2
        values = {"answer": (agreed - chance) / (1 - chance), "raw": agreed}
        if abs(values["answer"] - values["raw"]) > 0.05:
            return {"n": n, "a": a, "b": b, "c": c, "d": d} | values
