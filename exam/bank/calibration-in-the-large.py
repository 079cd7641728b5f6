"""Mean risk against observed share."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = int(rng.integers(2, 9)) * 100
        mean = int(rng.integers(15, 45)) / 100
        events = int(n * mean * rng.uniform(0.5, 0.85))
        observed = 100 * events / n
        values = {"answer": 100 * mean - observed, "relative": 100 * (100 * mean / observed - 1), "observed": observed}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.5:
            return {"n": n, "mean": mean, "events": events} | values
