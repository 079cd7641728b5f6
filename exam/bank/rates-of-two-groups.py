"""Counts of two groups whose error rates are whole per cents."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw women with fewer deaths and men with more."""
    values: dict[str, float] = {}
    for sign, name, deaths in (("w", "women", (20, 25)), ("m", "men", (40, 50))):
        dead, lived = int(rng.choice(deaths)), int(rng.choice([100, 200]))
        missed, false = int(rng.integers(dead // 5, dead // 2)), int(rng.integers(8, 35)) * lived // 100
        values |= {f"{sign}_all": dead + lived, f"{sign}_dead": dead, f"{sign}_lived": lived}
        values |= {f"{sign}_in": dead - missed + false, f"{sign}_hit": dead - missed}
        values |= {f"{sign}_missed": missed, f"{sign}_false": false}
        values |= {f"fnr_{name}": 100 * missed / dead, f"fpr_{name}": 100 * false / lived}
    return values
