"""Accuracy and cost of two models: the more accurate one costs more."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the two measures rank the models in opposite order."""
    while True:
        n, worth = 100 * int(rng.integers(4, 11)), int(rng.integers(4, 11))
        ill = round(n * rng.uniform(0.12, 0.22))
        missed = {"a": round(ill * rng.uniform(0.6, 0.8)), "b": round(ill * rng.uniform(0.2, 0.35))}
        needless = {"a": round((n - ill) * rng.uniform(0.01, 0.04)), "b": round((n - ill) * rng.uniform(0.2, 0.32))}
        right = {name: 100 * (1 - (missed[name] + needless[name]) / n) for name in "ab"}
        cost = {name: 100 * (worth * missed[name] + needless[name]) / n for name in "ab"}
        if right["a"] - right["b"] > 2 and cost["a"] - cost["b"] > 5:
            values: dict[str, float] = {"n": n, "ill": ill, "worth": worth}
            for what, numbers in (("missed", missed), ("needless", needless), ("right", right), ("cost", cost)):
                values |= {f"{what}_{name}": number for name, number in numbers.items()}
            return values
