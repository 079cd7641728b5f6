"""Belief in a hidden property by Bayes' theorem."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw until the numbers can be told apart."""
    while True:
        prior, yes, no_risk = int(rng.integers(10, 35)), int(rng.integers(6, 15)) * 5, int(rng.integers(3, 25))
        has = bool(rng.integers(2))
        ill, well = (prior * yes, (100 - prior) * no_risk), (prior * (100 - yes), (100 - prior) * (100 - no_risk))
        this, opposite = (ill, well) if has else (well, ill)
        alone = (yes, no_risk) if has else (100 - yes, 100 - no_risk)
        values = {
            "answer": 100 * this[0] / sum(this),
            "other": 100 * opposite[0] / sum(opposite),
            "flat": 100 * alone[0] / sum(alone),
            "before": float(prior),
        }
        if np.diff(sorted(values.values())).min() > 3:
            outcome = {"en": "has", "no": "har"} if has else {"en": "does not have", "no": "ikke har"}
            shown = {"prior": prior, "rest": 100 - prior, "yes": yes, "no_risk": no_risk, "outcome": outcome}
            return shown | values
