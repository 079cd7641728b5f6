"""Expected calibration error of three groups."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        n = np.array([20, 10, 5]) * rng.integers(5, 16, 3)
        p = np.array([rng.integers(10, 21), rng.integers(42, 58), rng.integers(80, 93)])
        off = np.array([-rng.integers(2, 7), rng.choice([-1, 1]) * rng.integers(4, 11), rng.integers(8, 22)])
        s, total = p - off, int(n.sum())
        values = {
            "answer": float(n @ abs(off)) / total / 100,
            "unweighted": float(abs(off).mean()) / 100,
            "cancelled": abs(float(n @ off)) / total / 100,
        }
        if np.diff(sorted(values.values())).min() > 0.006:
            shown: dict[str, float] = {"total": total}
            for place in range(3):
                shown |= {f"n{place + 1}": int(n[place]), f"p{place + 1}": int(p[place]) / 100}
                shown |= {f"s{place + 1}": int(s[place]) / 100, f"g{place + 1}": int(abs(off[place])) / 100}
            return shown | values
