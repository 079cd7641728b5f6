"""How much an accuracy is above that of a rule that finds nobody."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = 50 * int(rng.integers(16, 49))
        ill = round(n * rng.uniform(0.04, 0.1))
        empty = 100 * (n - ill) / n
        accuracy = round(empty + rng.uniform(0.6, 4), 1)
        values = {"answer": accuracy - empty, "coin": accuracy - 50, "empty": empty}
        if accuracy < 98.5 and values["answer"] > 0.5:
            return {"n": n, "ill": ill, "accuracy": accuracy} | values
