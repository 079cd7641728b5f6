"""Points that blind guessing collects in an exam with two right options a question."""

from math import comb

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw an exam in which the right number and the slips can be told apart."""
    while True:
        n, k = int(rng.integers(6, 13)), int(rng.integers(4, 7))
        both, one = int(rng.integers(4, 7)), int(rng.integers(2, 4))
        ways, mixed = comb(k, 2), 2 * (k - 2)
        values = {
            "answer": n * (both + mixed * one) / ways,
            "only_both": n * both / ways,
            "again": n * (4 * both + 4 * (k - 2) * one) / k**2,
            "nothing": 0.0,
        }
        if np.diff(sorted(values.values())).min() > 0.3:
            return {"n": n, "k": k, "both": both, "one": one, "ways": ways, "mixed": mixed} | values
