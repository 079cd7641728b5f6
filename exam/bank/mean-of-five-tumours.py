"""Mean Dice of five patients, one with nothing to find and one with a false alarm."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw volumes and scores that fit each other."""
    shown: dict[str, float] = {"q3": int(rng.integers(2, 20)) / 10}
    scores = [int(rng.integers(low, low + 12)) / 100 for low in (60, 72, 80)]
    for place, score in zip((1, 2, 4), rng.permutation(scores), strict=True):
        truth = int(rng.integers(16, 46))  # so large that a difference of 2 ml allows each of the scores
        shown |= {f"t{place}": truth, f"q{place}": truth + int(rng.choice([-2, -1, 1, 2])), f"d{place}": float(score)}
    found = sum(scores)
    return shown | {"answer": found / 4, "as_one": (found + 1) / 5, "as_zero": found / 5, "both_out": found / 3}
