"""The lactate at which a sum of two things comes down to its limit."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart and are such as occur."""
    while True:
        w, v, decades = int(rng.choice([2, 5])), int(rng.integers(2, 5)), int(rng.integers(5, 10))
        lactate, limit = int(rng.integers(35, 81)) / 10, int(rng.integers(12, 41))
        value = (limit - v * decades) / w
        values = {"answer": value, "fall": lactate - value, "without": limit / w}
        apart = np.diff(sorted(round(number, 1) for number in values.values())).min() >= 0.3
        if apart and 1.5 <= value <= 3.5 and lactate - value >= 0.8:
            return {"w": w, "v": v, "age": 10 * decades, "lactate": lactate, "limit": limit} | values
