"""Change of a logit when every pixel is changed in the worst direction."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        side, weight = int(rng.choice([40, 50, 60, 100])), int(rng.integers(2, 9)) / 10
        epsilon = int(rng.integers(2, 9)) / 1000
        change = weight * epsilon * side**2
        if 2 < change < 25:  # random signs: the square root of the number of pixels, which is the width
            shown = {"side": side, "weight": weight, "epsilon": epsilon, "number": side**2}
            return shown | {"answer": change, "random": change / side, "half": change / 2}
