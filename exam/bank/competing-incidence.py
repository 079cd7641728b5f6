"""Cumulative incidence without censoring, and one minus Kaplan-Meier."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, r1, d1, r2 = (int(rng.integers(*ends)) for ends in ((80, 151), (10, 25), (20, 45), (8, 20)))
        left = n - r1 - d1
        values = {"answer": 100 * (r1 + r2) / n, "km": 100 * (1 - (n - r1) / n * (left - r2) / left)}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"n": n, "r1": r1, "d1": d1, "r2": r2} | values
