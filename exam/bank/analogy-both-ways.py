"""An analogy in the plane, whose answer depends on whether the words that were put in are allowed."""

from typing import Any

import numpy as np

OTHERS = ({"en": "nurse", "no": "sykepleier"}, {"en": "surgeon", "no": "kirurg"}, {"en": "midwife", "no": "jordmor"})


def draw(rng: np.random.Generator) -> dict[str, Any]:
    """Draw until the nearest word is clear with and without the three that were put in."""
    while True:
        man, step, doctor = rng.integers(1, 5, 2), rng.integers(-1, 2, 2), rng.integers(6, 12, 2)
        near, far = doctor + rng.integers(-4, 5, 2), doctor + rng.integers(-6, 7, 2)
        woman, point = man + step, doctor + step
        words = np.array([doctor, near, far, woman, man])
        away = np.hypot(*(words - point).T)
        apart = np.diff(away).min() >= 1 and len({tuple(word) for word in [*words.tolist(), point.tolist()]}) == 6
        if apart and step.any() and words.min() >= 0 and away[0] <= 1.5:
            one, other = rng.choice(len(OTHERS), 2, replace=False)
            places = zip("mwdnfp", (man, woman, doctor, near, far, point), strict=True)
            spots = {f"{name}{axis}": int(place[axis]) for name, place in places for axis in (0, 1)}
            return {"near": OTHERS[one], "far": OTHERS[other]} | spots
