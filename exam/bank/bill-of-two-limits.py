"""Places that move from one group to the other, and whom they reach."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw an exchange in which more deaths leave than come in."""
    places = int(rng.integers(15, 41)) * 10
    found, moved = int(places * rng.uniform(0.3, 0.45)), int(places * rng.uniform(0.08, 0.15))
    lost = int(rng.integers(moved // 4 + 3, moved // 2 + 3))
    gained = int(rng.integers(1, lost - 1))
    wrong = {"only_gained": found + gained, "turned": found + lost - gained}
    if lost == 2 * gained:  # two of the wrong numbers would agree
        gained, wrong = gained + 1, {"only_gained": found + gained + 1, "turned": found + lost - gained - 1}
    numbers = {"places": places, "found": found, "moved": moved, "lost": lost, "gained": gained}
    return numbers | {"answer": found - lost + gained} | wrong
