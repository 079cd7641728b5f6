"""False alarms from specificity."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the right number and the slips differ when rounded."""
    while True:
        n, sick = int(rng.integers(10, 41)) * 10, int(rng.integers(5, 30))
        specificity = rng.integers(70, 96) / 100
        values = {
            "answer": (n - sick) * (1 - specificity),
            "of_all": n * (1 - specificity),
            "quiet": (n - sick) * specificity,
        }
        if np.diff(sorted(round(value) for value in values.values())).min() >= 2:
            return {"n": n, "sick": sick, "specificity": specificity} | values
