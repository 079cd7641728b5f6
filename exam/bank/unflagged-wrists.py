"""Sensitivity when a random part of those whom the program did not suspect is examined."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        sample, times = 10 * int(rng.integers(8, 16)), int(rng.choice([5, 8, 10]))
        rest, k, tp = sample * times, int(rng.integers(2, 7)), int(rng.integers(120, 261))
        flagged = tp + int(rng.integers(30, 121))
        values = {
            "answer": 100 * tp / (tp + k * times),
            "unchecked": 100,
            "only_sample": 100 * tp / (tp + k),
            "ppv": 100 * tp / flagged,
        }
        if np.diff(sorted(round(value) for value in values.values())).min() >= 2:
            return {"n": flagged + rest, "flagged": flagged, "tp": tp, "rest": rest, "sample": sample, "k": k} | values
