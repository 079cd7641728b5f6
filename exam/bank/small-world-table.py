"""Three networks against random graphs with the same degrees: a lattice, a random one and a small world."""

from typing import Any

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, Any]:
    """Draw the figures of each and which letter it gets."""
    while True:
        lowest = rng.uniform(0.05, 0.09, 3)
        ends = np.round(np.column_stack([lowest, lowest + rng.uniform(0.03, 0.05, 3)]), 2)
        paths = np.round(np.column_stack([base := rng.uniform(2.3, 2.6, 3), base + 0.2]), 1)
        clustering = np.round([rng.uniform(0.5, 0.62), ends[1].mean(), rng.uniform(0.32, 0.45)], 2)
        length = np.round([rng.uniform(6.0, 9.0), paths[1, 0] + 0.1, paths[2, 1] + rng.uniform(0.1, 0.25)], 1)
        inside = ends[1, 0] < clustering[1] < ends[1, 1] and paths[1, 0] <= length[1] <= paths[1, 1]
        if inside and length[1] + 0.2 < length[2] < length[0]:
            break
    letters = [str(letter) for letter in rng.permutation(["A", "B", "C"])]
    values: dict[str, Any] = dict(zip(("lattice", "random", "small"), letters, strict=True))
    for place, letter in enumerate(letters):
        name = letter.lower()
        values |= {f"c{name}": float(clustering[place]), f"l{name}": float(length[place])}
        values |= {f"c{name}{end}": float(ends[place, end]) for end in (0, 1)}
        values |= {f"l{name}{end}": float(paths[place, end]) for end in (0, 1)}
    return values
