"""Seven epochs, of which the third is kept and the last two are never run."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw losses with a low at epoch 3 and a lower one too late, and test AUCs that all differ."""
    low = int(rng.integers(40, 48))
    losses = [low + 16, low + 7, low, low + int(rng.integers(2, 9)), low + int(rng.integers(1, 9)), low - 2, low - 5]
    areas = [int(area) for area in 70 + rng.permutation(np.arange(0, 21, 3))]
    top, best = int(np.argmax(areas)), int(rng.choice([1, 3]))
    areas[top], areas[best] = areas[best], areas[top]  # neither the kept epoch nor a late one has the best test AUC
    values = {f"l{epoch}": loss / 100 for epoch, loss in enumerate(losses, 1)}
    values |= {f"a{epoch}": area / 100 for epoch, area in enumerate(areas, 1)}
    return values | {
        "answer": areas[2] / 100,
        "best": areas[best] / 100,
        "later": areas[6] / 100,
        "stopped": areas[4] / 100,
    }
