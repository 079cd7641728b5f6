"""A first axis that runs to the patient's left, so that index and side disagree."""

import numpy as np

LEFT, RIGHT = {"en": "left", "no": "venstre"}, {"en": "right", "no": "høyre"}
LOWER, UPPER = {"en": "lower", "no": "nedre"}, {"en": "upper", "no": "øvre"}


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a voxel well away from the middle."""
    n, width = int(rng.choice([128, 160, 192, 256])), float(rng.choice([0.8, 1.0, 1.2, 1.5]))
    shift = round(width * (n - 1) / 2)
    low = bool(rng.integers(2))
    i = int(rng.integers(n // 6, n // 3)) if low else int(rng.integers(2 * n // 3, 5 * n // 6))
    x = round(shift - width * i, 1)
    side, other = (RIGHT, LEFT) if low else (LEFT, RIGHT)
    places = {"n": n, "i": i, "step": -width, "shift": shift, "x": x}
    return places | {"side": side, "other": other, "half": LOWER if low else UPPER}
