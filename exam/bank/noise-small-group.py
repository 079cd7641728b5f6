"""Mean size of Laplace noise in per cent of a small count, when the budget is shared among several counts."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        eps, k, n = float(rng.choice([0.5, 1.0, 2.0])), int(rng.choice([4, 5, 8, 10])), int(rng.integers(6, 41))
        values = {"answer": 100 * k / eps / n, "whole": 100 / eps / n, "turned": 100 * eps / k / n}
        shown = sorted(round(value) for value in values.values())
        if np.diff(shown).min() >= 2 and shown[0] >= 1 and 10 <= values["answer"] <= 95:
            return {"eps": eps, "k": k, "n": n, "share": eps / k, "noise": k / eps} | values
