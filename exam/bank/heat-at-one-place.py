"""One place of a Grad-CAM map with two channels."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the value is positive and the numbers can be told apart."""
    while True:
        a1, a2, b1, b2 = (int(found) for found in rng.integers(1, 9, 4))
        ga1, ga2 = (int(slope) / 10 for slope in rng.integers(1, 10, 2))
        gb1, gb2 = (-int(slope) / 10 for slope in rng.integers(1, 8, 2))
        for_a, for_b = (ga1 + ga2) / 2, (gb1 + gb2) / 2
        values = {
            "answer": for_a * a1 + for_b * b1,
            "local": ga1 * a1 + gb1 * b1,
            "sizes": for_a * a1 - for_b * b1,
            "sums": 2 * (for_a * a1 + for_b * b1),
        }
        if min(values["answer"], values["local"]) > 0.2 and np.diff(sorted(values.values())).min() > 0.08:
            shown = {"a1": a1, "a2": a2, "b1": b1, "b2": b2, "ga1": ga1, "ga2": ga2, "gb1": gb1, "gb2": gb2}
            return shown | values
