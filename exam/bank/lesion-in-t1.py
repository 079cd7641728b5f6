"""Signal of two tissues in a spin-echo image with a short echo time."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        tr, white = int(rng.integers(8, 17)) * 50, int(rng.integers(10, 15)) * 50
        lesion = int(rng.integers(9, 17)) * 100
        seen, lost = (1 - np.exp(-tr / lesion)) / (1 - np.exp(-tr / white)), np.exp(tr / white - tr / lesion)
        shares = {"answer": seen, "inverse": 1 / seen, "lost": lost, "proportional": white / lesion}
        values = {name: 100 * share for name, share in shares.items()}
        if np.diff(sorted(values.values())).min() > 3:
            return {"tr": tr, "white": white, "lesion": lesion} | values
