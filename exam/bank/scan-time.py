"""Time of an undersampled scan."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        t, r, extra = int(rng.integers(4, 13)), int(rng.choice([4, 5, 6, 8])), int(rng.integers(4, 11)) / 100
        values = {"answer": t * (1 / r + extra), "without": t / r}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.2:
            return {"t": t, "r": r, "extra": extra} | values
