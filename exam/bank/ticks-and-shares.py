"""Points of a choice of several, with right and wrong ticks."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw ticks that earn something, so that the right number and the slips can be told apart."""
    while True:
        right, wrong, points = (int(rng.integers(2, high)) for high in (5, 5, 7))
        found, slipped = int(rng.integers(1, right + 1)), int(rng.integers(1, wrong + 1))
        values = {
            "answer": points * (found / right - slipped / wrong),
            "gained": points * found / right,
            "alike": points * (found - slipped) / right,
            "nothing": 0.0,
        }
        if values["answer"] > 0 and min(values.values()) >= 0 and np.diff(sorted(values.values())).min() > 0.05:
            shown = {"right": right, "wrong": wrong, "points": points, "found": found, "slipped": slipped}
            return shown | values
