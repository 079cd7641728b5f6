"""Grey level of a stored number in a window."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    offset = 1024
    while True:
        centre, width = ((50, 350), (35, 100), (-550, 1600), (450, 1800), (70, 500))[int(rng.integers(5))]
        units = centre + round(float(rng.uniform(-0.4, 0.4)) * width)
        share = 0.5 + (units - centre) / width
        values = {"answer": 100 * share, "double": 50 * (share + 0.5), "back": 100 - 100 * share}
        if np.diff(sorted(values.values())).min() > 4:
            return {"offset": offset, "centre": centre, "width": width, "stored": units + offset} | values
