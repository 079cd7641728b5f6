"""A 2 × 2 matrix in which sensitivity, specificity, predictive value and accuracy can be told apart."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until no two shares are nearer than three percentage points."""
    while True:
        sick, well = int(rng.integers(40, 121)), int(rng.integers(80, 301))
        tp = int(round(sick * rng.uniform(0.6, 0.95)))
        tn = int(round(well * rng.uniform(0.7, 0.95)))
        fn, fp = sick - tp, well - tn
        values = {
            "sensitivity": tp / sick,
            "specificity": tn / well,
            "ppv": tp / (tp + fp),
            "accuracy": (tp + tn) / (sick + well),
        }
        if np.diff(sorted(values.values())).min() > 0.03:
            return {"tp": tp, "fn": fn, "fp": fp, "tn": tn, "n": sick + well, "sick": sick} | values
