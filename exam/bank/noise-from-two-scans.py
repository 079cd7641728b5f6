"""Signal-to-noise ratio of one scan from the difference of two."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        signal, spread = int(rng.integers(30, 90)) * 10, int(rng.integers(120, 400)) / 10
        plain = signal / spread
        values = {"answer": plain * 2**0.5, "plain": plain, "worse": plain / 2**0.5, "half": 2 * plain}
        if np.diff(sorted(values.values())).min() > 3:
            return {"signal": signal, "spread": spread} | values
