"""What a threshold left at one half costs those who accept more invitations in vain for one person found."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart; those invited in addition have risks between the two thresholds."""
    while True:
        per = int(rng.choice([4, 9, 19]))
        found, share = int(rng.integers(22, 46)), rng.uniform(1.4, 0.7 * per)
        vain = int(round(found * share))
        tp_high, fp_high = int(rng.integers(14, 31)), int(rng.integers(5, 13))
        t = 1 / (1 + per)
        values = {"answer": found - vain / per, "found": found, "seller": found - vain, "raw": found - vain * t}
        apart = np.diff(sorted(values.values())).min() > 0.25
        if apart and values["answer"] >= 5 and found + vain + tp_high + fp_high <= 550 and fp_high < tp_high:
            table = {"tp_high": tp_high, "fp_high": fp_high, "tp_low": tp_high + found, "fp_low": fp_high + vain}
            return {"half": 0.5, "t": t, "per": per, "vain": vain} | table | values
