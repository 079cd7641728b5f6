"""A 3 × 3 matrix with a rare class that is recognised badly, so that the two averages differ."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw rows of falling size; the rare class has the lowest recall."""
    sizes = (int(rng.integers(100, 161)), int(rng.integers(50, 91)), int(rng.integers(10, 21)))
    recalls = (rng.uniform(0.85, 0.95), rng.uniform(0.7, 0.84), rng.uniform(0.3, 0.55))
    rows = []
    for place, (size, recall) in enumerate(zip(sizes, recalls, strict=True)):
        right = int(round(size * recall))
        other = int(rng.integers(0, size - right + 1))
        row = [other, size - right - other]
        row.insert(place, right)
        rows.append(row)
    counts = np.array(rows)
    shares = 100 * counts.diagonal() / counts.sum(axis=1)
    values = dict(zip("abcdefghi", map(int, counts.ravel()), strict=True))
    averages = {"macro": float(shares.mean()), "micro": float(100 * counts.trace() / counts.sum())}
    return values | dict(zip(("glioma", "metastasis", "abscess"), map(float, shares), strict=True)) | averages
