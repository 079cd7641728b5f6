"""Scale of the Laplace mechanism."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        d, e = int(rng.integers(1, 6)), int(rng.choice([1, 2, 4, 5, 8])) / 10
        values = {"answer": d / e, "upside": e / d, "times": d * e}
        if np.diff(sorted(round(value, 1) for value in values.values())).min() >= 0.3:
            return {"d": d, "e": e} | values
