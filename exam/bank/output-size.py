"""Width after a convolution without padding."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, k = int(rng.integers(20, 129)), int(rng.choice([3, 5, 7, 9]))
        values = {"answer": n - k + 1, "same": n, "less": n - k}
        return {"n": n, "k": k} | values
