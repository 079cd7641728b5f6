"""Gower's similarity of two patients, one value of whom is not known."""

import numpy as np

YES, NO = {"en": "yes", "no": "ja"}, {"en": "no", "no": "nei"}


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw until the numbers can be told apart."""
    while True:
        age_range, bp_range = int(rng.choice([50, 60, 70])), int(rng.choice([100, 120, 140]))
        age1, age2 = (int(age) for age in rng.integers(38, 88, 2))
        bp1, bp2 = (int(pressure) for pressure in rng.integers(105, 200, 2))
        same = int(rng.integers(2))
        age_gap, bp_gap = abs(age1 - age2), abs(bp1 - bp2)
        numbers = 2 - age_gap / age_range - bp_gap / bp_range
        values = {
            "answer": (numbers + same) / 3,
            "as_zero": (numbers + same) / 4,
            "as_one": (numbers + same + 1) / 4,
            "numbers": numbers / 2,
        }
        if min(age_gap, bp_gap) > 5 and age_gap < age_range and np.diff(sorted(values.values())).min() > 0.04:
            shown = {"age1": age1, "age2": age2, "age_gap": age_gap, "age_range": age_range}
            shown |= {"bp1": bp1, "bp2": bp2, "bp_gap": bp_gap, "bp_range": bp_range, "same": same}
            shown |= {"glucose": int(rng.integers(45, 110)) / 10, "smoke1": YES, "smoke2": YES if same else NO}
            return shown | values
