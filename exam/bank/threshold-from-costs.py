"""The threshold at which two errors balance: 1 / (1 + ratio)."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        ratio = int(rng.integers(2, 50))
        values = {"answer": 100 / (1 + ratio), "complement": 100 * ratio / (1 + ratio), "half": 50}
        if np.diff(sorted(round(value, 0) for value in values.values())).min() >= 2:
            return {"ratio": ratio} | values
