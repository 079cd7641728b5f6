"""Chance of the rarest of three next words at temperature 2; the counts are squares, so that it goes by hand."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the three temperatures can be told apart."""
    while True:
        c, b, a = sorted(int(root) for root in rng.choice(np.arange(3, 13), 3, replace=False))
        values = {
            "answer": 100 * c / (a + b + c),
            "plain": 100 * c**2 / (a**2 + b**2 + c**2),
            "cold": 100 * c**4 / (a**4 + b**4 + c**4),
        }
        shown = sorted(round(value) for value in values.values())
        if np.diff(shown).min() >= 3 and shown[0] >= 1:
            return {"breath": a * a, "cough": b * b, "fever": c * c, "c": c, "total": a + b + c} | values
