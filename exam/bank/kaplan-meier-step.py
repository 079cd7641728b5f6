"""Two steps of Kaplan-Meier."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, d1, c, d2 = (int(rng.integers(*ends)) for ends in ((60, 121), (5, 15), (15, 35), (5, 15)))
        left = n - d1 - c
        values = {
            "answer": 100 * (n - d1) / n * (left - d2) / left,
            "naive": 100 * (n - d1 - d2) / n,
            "dead": 100 * (left - d2) / n,
        }
        if (
            np.diff(sorted(round(value) for value in values.values())).min() >= 1
            and abs(values["answer"] - values["naive"]) > 1.3
        ):
            return {"n": n, "d1": d1, "c": c, "d2": d2} | values
