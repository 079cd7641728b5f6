"""Tests of six persons, of whom some come before and after the last day of training."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw until the numbers can be told apart."""
    while True:
        last = int(rng.integers(12, 20))
        days = [sorted(rng.choice(np.arange(1, 31), int(rng.integers(1, 5)), replace=False)) for _ in range(6)]
        new = [tested for tested in days if tested[0] > last]
        counts = {
            "answer": sum(len(tested) for tested in new),
            "later": sum(day > last for tested in days for day in tested),
            "persons": len(new),
            "training": sum(day <= last for tested in days for day in tested),
        }
        if len(new) > 1 and len(set(counts.values())) == len(counts):
            rows = {name: ", ".join(map(str, tested)) for name, tested in zip("abcdef", days, strict=True)}
            return {"last": last} | rows | {name: int(count) for name, count in counts.items()}
