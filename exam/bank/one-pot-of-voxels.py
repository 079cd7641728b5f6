"""Dice of three patients, each by itself and all voxels together."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw a network that fails on the small tumour."""
    while True:
        truth = [int(rng.integers(*ends)) * 10 for ends in ((300, 500), (80, 150), (8, 20))]
        said = [
            round(size * float(rng.uniform(*ends)), -1)
            for size, ends in zip(truth, ((0.85, 1.1), (0.8, 1.1), (0.6, 1.2)), strict=True)
        ]
        both = [
            int(min(pair) * rng.uniform(*ends))
            for pair, ends in zip(zip(truth, said, strict=True), ((0.92, 0.98), (0.85, 0.94), (0.15, 0.4)), strict=True)
        ]
        each = [2 * c / (t + q) for c, t, q in zip(both, truth, said, strict=True)]
        values = {
            "answer": float(np.mean(each)),
            "pooled": 2 * sum(both) / (sum(truth) + sum(said)),
            "recalls": float(np.mean([c / t for c, t in zip(both, truth, strict=True)])),
        }
        if np.diff(sorted(values.values())).min() > 0.03:
            shown = {f"c{place}": count for place, count in enumerate(both, 1)}
            shown |= {f"t{place}": size for place, size in enumerate(truth, 1)}
            shown |= {f"q{place}": int(size) for place, size in enumerate(said, 1)}
            return shown | {f"s{place}": score for place, score in enumerate(each, 1)} | values
