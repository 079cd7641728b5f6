"""Four test cases for a predictive value that was divided by the ill; only one can tell."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, int]:
    """Draw until only the first case tells the two formulas apart."""
    while True:
        tp1, fn1, fp1, tp2, same, tp3, fn4, fp4 = (int(value) for value in rng.integers(2, 10, 8))
        if abs(fn1 - fp1) >= 2 and abs(fn4 - fp4) >= 2:
            values = {"tp1": tp1, "fn1": fn1, "fp1": fp1, "tp2": tp2, "same": same, "tp3": tp3}
            return values | {"fn4": fn4, "fp4": fp4, "alarms": tp1 + fp1, "ill": tp1 + fn1}
