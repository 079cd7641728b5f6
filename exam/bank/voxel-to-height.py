"""Height of a voxel by an affine whose axes are exchanged."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, c = (float(value) for value in rng.choice([0.8, 0.9, 1.1, 1.2, 1.5], 2))
        b = float(rng.choice([2.5, 3.0, 4.0, 5.0]))
        i, j, k = int(rng.integers(40, 160)), int(rng.integers(30, 150)), int(rng.integers(5, 45))
        tx, ty, tz = -int(rng.integers(70, 120)), -int(rng.integers(90, 140)), -int(rng.integers(50, 110))
        height = c * j + tz
        wrong = {"third": c * k + tz, "unshifted": c * j, "steps": float(j + tz)}
        if np.diff(sorted([height, *wrong.values()])).min() > 1:
            places = {"i": i, "j": j, "k": k, "tx": tx, "ty": ty, "tz": tz}
            return places | {"a": a, "b": b, "c": c, "answer": height} | wrong
