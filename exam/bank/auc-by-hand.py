"""Nine pairs of scores without ties."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        scores = rng.choice(np.arange(5, 96), 6, replace=False)
        wins = int(sum(ill > well for ill in scores[:3] for well in scores[3:]))
        if wins in (6, 7, 8):
            named = dict(zip("abcdef", map(int, scores), strict=True))
            return named | {"answer": wins / 9, "complement": 1 - wins / 9}
