"""Weight of a word by TF-IDF, before scaling."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n, d, count = int(rng.integers(15, 100)) * 10 - 1, int(rng.integers(4, 40)), int(rng.integers(2, 6))
        rarity = float(np.log((n + 1) / (d + 1)))
        values = {
            "answer": count * (rarity + 1),
            "without": count * rarity,
            "single": rarity + 1,
            "tens": count * (rarity / np.log(10) + 1),
        }
        if np.diff(sorted(values.values())).min() > 0.2:
            return {"n": n, "d": d, "count": count, "n1": n + 1, "d1": d + 1} | values
