"""The lower end of a Wald interval."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        sick = int(rng.integers(40, 200))
        found = int(sick * rng.uniform(0.6, 0.9))
        p = found / sick
        error = np.sqrt(p * (1 - p) / sick)
        values = {"answer": 100 * (p - 1.96 * error), "one": 100 * (p - error), "point": 100 * p}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"sick": sick, "found": found} | values
