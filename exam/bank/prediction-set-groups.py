"""A promise that is kept on average and broken among those who died."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = 50 * int(rng.integers(8, 17))
        died = round(n * rng.uniform(0.12, 0.22))
        held, ill = round(n * rng.uniform(0.9, 0.92)), round(died * rng.uniform(0.45, 0.72))
        well = held - ill
        values = {
            "answer": 100 * ill / died,
            "everybody": 100 * held / n,
            "survivors": 100 * well / (n - died),
            "of_all": 100 * ill / n,
        }
        apart = np.diff(sorted(round(value) for value in values.values())).min() >= 2
        if apart and values["survivors"] < 99:
            return {"n": n, "died": died, "held": held, "well": well} | values
