"""A row of states with two valleys and a barrier, and a push that crosses it or doesn't."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, int]:
    """Draw the heights from the valleys up, and a push that ends on neither a bottom nor the barrier."""
    while True:
        left, barrier, right = int(rng.integers(2, 4)), int(rng.integers(6, 8)), int(rng.integers(9, 11))
        heights = np.zeros(12, int)
        heights[left], heights[right] = rng.choice(np.arange(1, 7), 2, replace=False)
        for bottom, away in ((left, range(left - 1, 0, -1)), (left, range(left + 1, barrier + 1))):
            _climb(heights, bottom, away, rng)
        for bottom, away in ((right, range(right + 1, 12)), (right, range(right - 1, barrier, -1))):
            _climb(heights, bottom, away, rng)
        top = heights[barrier] > heights[barrier + 1]
        push = int(rng.integers(2, right - left + 2))
        pushed = left + push
        if top and pushed <= 11 and pushed not in (barrier, right):
            answer, other = (left, right) if pushed < barrier else (right, left)
            row = {f"e{place}": int(heights[place]) for place in range(1, 12)}
            ends = {"start": left, "push": push, "barrier": barrier}
            return row | ends | {"answer": answer, "other": other, "pushed": pushed}


def _climb(heights: np.ndarray, bottom: int, away: range, rng: np.random.Generator) -> None:
    """Let the heights rise from a bottom outwards."""
    height = heights[bottom]
    for place in away:
        height += rng.integers(1, 5)
        heights[place] = height
