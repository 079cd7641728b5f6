"""Volume of a mask."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        count = int(rng.integers(8, 60)) * 250
        dx = int(rng.choice([2, 3]))
        dz = int(rng.choice([4, 5, 6]))
        values = {"answer": count * dx * dx * dz / 1000, "cubes": count / 1000, "flat": count * dx * dx / 1000}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.5:
            return {"count": count, "dx": dx, "dy": dx, "dz": dz} | values
