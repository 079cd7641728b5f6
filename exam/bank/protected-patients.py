"""Recall of a de-identification by identifier and by patient."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, each = int(rng.integers(8, 41)) * 10, int(rng.integers(12, 31))
        exposed = int(rng.integers(n // 20, n // 5))
        missed = int(exposed * rng.uniform(1.8, 3.5))
        values = {
            "answer": 100 * (n - exposed) / n,
            "recall": 100 * (1 - missed / (n * each)),
            "each_apart": 100 * (n - missed) / n,
            "rest": 100 * exposed / n,
        }
        if missed < 0.8 * n and np.diff(sorted(values.values())).min() > 2:
            return {"n": n, "each": each, "missed": missed, "exposed": exposed, "safe": n - exposed} | values
