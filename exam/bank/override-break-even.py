"""The share of errors that a doctor must mend to make up for what she spoils: s × p / (1 − p)."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the answer is possible and the numbers can be told apart."""
    while True:
        right, same = int(rng.integers(75, 93)), int(rng.integers(4, 13))
        wrong, spoilt = 100 - right, right * same / 100
        values = {"answer": 100 * spoilt / wrong, "same": same, "spoilt": spoilt}
        shown = sorted(round(value) for value in values.values())
        if np.diff(shown).min() >= 1 and same - spoilt > 1.3 and 20 <= values["answer"] <= 85:
            return {"p": right / 100, "s": same / 100, "right": right, "wrong": wrong} | values
