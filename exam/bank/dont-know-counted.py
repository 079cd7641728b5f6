"""Answers, wrong answers and silence."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = 20 * int(rng.integers(10, 31))
        answered = round(n * rng.uniform(0.35, 0.7))
        wrong = round(answered * rng.uniform(0.12, 0.4))
        values = {
            "answer": 100 * wrong / answered,
            "of_all": 100 * wrong / n,
            "silent": 100 * (n - answered) / n,
            "right": 100 * (answered - wrong) / answered,
        }
        if np.diff(sorted(round(value) for value in values.values())).min() >= 3:
            return {"n": n, "answered": answered, "wrong": wrong} | values
