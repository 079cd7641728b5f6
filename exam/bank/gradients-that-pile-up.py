"""Three steps of a loop that never clears the gradient."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        g1, g2, g3 = (int(value) for value in rng.choice([-3, -2, -1, 1, 2, 3, 4, 5], 3))
        start = int(rng.integers(5, 20)) / 10
        piled = 3 * g1 + 2 * g2 + g3
        values = {
            "answer": start - 0.1 * piled,
            "right_loop": start - 0.1 * (g1 + g2 + g3),
            "uphill": start + 0.1 * piled,
            "backwards": start - 0.1 * (g1 + 2 * g2 + 3 * g3),
        }
        if np.diff(sorted(values.values())).min() > 0.15:
            return {"start": start, "g1": g1, "g2": g2, "g3": g3} | values
