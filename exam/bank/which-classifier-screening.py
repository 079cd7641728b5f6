"""Two models, one sensitive and one specific."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a_se, b_sp = int(rng.integers(90, 97)) / 100, int(rng.integers(93, 99)) / 100
        a_sp, b_se = int(rng.integers(70, 86)) / 100, int(rng.integers(65, 81)) / 100
        if a_sp != b_se:
            return {"a_se": a_se, "a_sp": a_sp, "b_se": b_se, "b_sp": b_sp}
