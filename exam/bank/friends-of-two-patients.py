"""One entry of a step of similarity network fusion."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b, c, d = (int(value) / 10 for value in rng.integers(1, 9, 4))
        own, total = int(rng.integers(1, 10)) / 10, a + b + c + d
        wrong = {"own": own, "total": total, "halved": total / 2}
        if np.diff(sorted([total / 4, *wrong.values()])).min() > 0.06:
            return {"a": a, "b": b, "c": c, "d": d, "answer": total / 4} | wrong
