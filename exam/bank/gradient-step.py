"""One step of gradient descent on a parabola."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        goal, start = int(rng.integers(1, 6)), int(rng.integers(7, 13))
        rate = float(rng.choice([0.1, 0.2, 0.3]))
        slope = 2 * (start - goal)
        values = {"answer": start - rate * slope, "uphill": start + rate * slope, "half": start - rate * slope / 2}
        if np.diff(sorted(round(value, 2) for value in values.values())).min() >= 0.05:
            return {"goal": goal, "start": start, "rate": rate} | values
