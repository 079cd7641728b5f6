"""Two steps of a hazard ratio."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        hr = rng.integers(120, 195) / 100
        values = {"answer": 100 * (hr**2 - 1), "doubled": 200 * (hr - 1), "single": 100 * (hr - 1)}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"hr": hr} | values
