"""A 2 × 2 matrix, with accuracy and what it is easily confused with."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart when rounded to whole per cents."""
    while True:
        sick, well = int(rng.integers(40, 121)), int(rng.integers(80, 301))
        tp = int(round(sick * rng.uniform(0.55, 0.95)))
        tn = int(round(well * rng.uniform(0.65, 0.95)))
        fn, fp = sick - tp, well - tn
        values = {
            "answer": (tp + tn) / (sick + well),
            "sensitivity": tp / (tp + fn),
            "specificity": tn / (tn + fp),
            "ppv_": tp / (tp + fp),
        }
        if np.diff(sorted(round(100 * value) for value in values.values())).min() >= 2:
            shown = {name: 100 * value for name, value in values.items()}
            return {"tp": tp, "fn": fn, "fp": fp, "tn": tn, "n": sick + well} | shown
