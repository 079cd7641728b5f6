"""A risk whose odds are a known number of times too high."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        factor, said = int(rng.choice([9, 14, 19, 24, 29, 39])), int(rng.integers(11, 19)) * 5
        odds = said / (100 - said)
        values = {
            "answer": 100 * odds / (factor + odds),
            "divided": said / factor,
            "share": 100 / (factor + 1),
            "raised": 100 * odds * factor / (1 + odds * factor),
        }
        if np.diff(sorted(values.values())).min() > 0.5:
            return {"factor": factor, "whole": factor + 1, "said": said, "rest": 100 - said} | values
