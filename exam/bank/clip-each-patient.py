"""Two gradients, of which the first is longer than the limit."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        x1, y1 = ((6, 8), (9, 12), (5, 12), (8, 15), (12, 5), (8, 6), (12, 9))[int(rng.integers(7))]
        clip = int(rng.integers(2, 5))
        x2, y2 = (int(value) / 10 for value in rng.choice([-12, -8, -6, -3, 3, 6, 8, 12], 2))
        length, short = round(np.hypot(x1, y1)), float(np.hypot(x2, y2))
        middle = float(np.hypot(x1 + x2, y1 + y2)) / 2
        values = {
            "answer": (x1 * clip / length + x2) / 2,
            "raw": (x1 + x2) / 2,
            "mean_first": (x1 + x2) / 2 * clip / middle,
            "all_equal": (x1 * clip / length + x2 * clip / short) / 2,
        }
        if short < clip < middle and np.diff(sorted(values.values())).min() > 0.08:
            return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "clip": clip, "length": length} | values
