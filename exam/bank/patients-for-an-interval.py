"""Patients for an interval of given half-width."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        p, half = rng.choice([70, 75, 80, 90]) / 100, int(rng.integers(3, 9))
        d = half / 100
        values = {
            "answer": float(np.ceil(1.96**2 * p * (1 - p) / d**2)),
            "width": float(np.ceil(1.96**2 * p * (1 - p) / (2 * d) ** 2)),
            "worst": float(np.ceil(1.96**2 / 4 / d**2)),
        }
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"p": p, "half": half} | values
