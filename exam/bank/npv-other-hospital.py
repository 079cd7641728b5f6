"""Negative predictive value."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        se, sp, p = (int(rng.integers(*ends)) / 100 for ends in ((60, 90), (70, 95), (8, 35)))
        values = {
            "answer": 100 * sp * (1 - p) / (sp * (1 - p) + (1 - se) * p),
            "spec": 100 * sp,
            "half": 100 * sp / (sp + 1 - se),
        }
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.5:
            return {"se": se, "sp": sp, "p": p} | values
