"""Kappa of the same agreement with two shares of abnormal images."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw shares for which such a table exists, and kappas that differ clearly."""
    while True:
        equal, a, b = int(rng.integers(86, 95)), int(rng.integers(30, 51)), int(rng.integers(6, 15))
        chance = {name: (share**2 + (100 - share) ** 2) / 100 for name, share in (("a", a), ("b", b))}
        kappa = {name: (equal - value) / (100 - value) for name, value in chance.items()}
        if (100 - equal) / 2 <= b - 1 and kappa["b"] > 0.1 and kappa["a"] - kappa["b"] > 0.2:
            values = {f"chance_{name}": value for name, value in chance.items()}
            return {"equal": equal, "a": a, "b": b} | values | {f"kappa_{name}": k for name, k in kappa.items()}
