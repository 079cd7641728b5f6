"""Matthews correlation coefficient of an imbalanced problem."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        sick, well = int(rng.integers(20, 61)), int(rng.integers(200, 501))
        tp, tn = int(sick * rng.uniform(0.5, 0.9)), int(well * rng.uniform(0.8, 0.97))
        fn, fp = sick - tp, well - tn
        mcc = (tp * tn - fp * fn) / np.sqrt(float((tp + fp) * sick * well * (tn + fn)))
        values = {"answer": float(mcc), "accuracy": (tp + tn) / (sick + well)}
        if abs(values["answer"] - values["accuracy"]) > 0.05:
            return {"sick": sick, "well": well, "tp": tp, "tn": tn} | values
