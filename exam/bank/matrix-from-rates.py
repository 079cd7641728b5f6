"""Rates and counts that fit without a remainder."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw tens of per cent and hundreds of people, so that all counts are whole."""
    sensitivity, specificity = rng.choice([70, 80, 90], 2)
    sick, well = int(rng.integers(2, 10)) * 10, int(rng.integers(3, 20)) * 50
    tp, tn = sick * int(sensitivity) // 100, well * int(specificity) // 100
    return {
        "sensitivity": sensitivity / 100,
        "specificity": specificity / 100,
        "n": sick + well,
        "sick": sick,
        "tp": tp,
        "fn": sick - tp,
        "fp": well - tn,
        "tn": tn,
    }
