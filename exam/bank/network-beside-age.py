"""AUC of a network and of its rivals, with an interval that holds zero."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw a small gain with a wide interval."""
    plain, gain = int(rng.integers(72, 82)), int(rng.integers(1, 3))
    low, high = int(rng.integers(2, 5)), gain + int(rng.integers(3, 6))
    return {
        "net": (plain + gain) / 100,
        "plain": plain / 100,
        "age": (plain - int(rng.integers(1, 4))) / 100,
        "low": low / 100,
        "high": high / 100,
    }
