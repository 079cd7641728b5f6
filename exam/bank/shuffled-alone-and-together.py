"""Falls of the AUC: small for one of three alike, large for all together."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw a small and a large fall."""
    return {"alone": int(rng.integers(1, 6)) / 1000, "together": int(rng.integers(6, 16)) / 100}
