"""Modularity of a division into two."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        inside1, inside2 = (int(count) for count in rng.integers(6, 25, 2))
        between = int(rng.integers(2, 9))
        m, d1, d2 = inside1 + inside2 + between, 2 * inside1 + between, 2 * inside2 + between
        share = (inside1 + inside2) / m
        values = {
            "answer": share - (d1**2 + d2**2) / (4 * m**2),
            "share": share,
            "half": share - (inside1**2 + inside2**2) / m**2,
            "once": share - (d1**2 + d2**2) / m**2,
        }
        if np.diff(sorted(values.values())).min() > 0.035:
            shown = {"inside1": inside1, "inside2": inside2, "between": between, "m": m, "d1": d1, "d2": d2}
            return shown | values
