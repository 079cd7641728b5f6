"""Two bright spots, one on each side, in one of the two conventions of display."""

import io

import numpy as np
from PIL import Image


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw convention, side and where the spots lie."""
    radiological, left = bool(rng.integers(2)), bool(rng.integers(2))
    away, y = int(rng.integers(35, 56)), int(rng.integers(85, 166))
    on_the_right = left == radiological  # of the picture
    return {
        "convention": {"en": "radiological", "no": "radiologisk"}
        if radiological
        else {"en": "neurological", "no": "nevrologisk"},
        "side": {"en": "left", "no": "venstre"} if left else {"en": "right", "no": "høyre"},
        "x": 120 + away if on_the_right else 120 - away,
        "y": y,
        "noise": int(rng.integers(10_000)),
    }


def paint(values: dict[str, float]) -> bytes:
    """Paint the slice with both spots as a PNG."""
    rng = np.random.default_rng(int(values["noise"]))
    rows, columns = np.mgrid[:240, :240]
    head = ((columns - 120) / 85) ** 2 + ((rows - 120) / 105) ** 2
    image = np.where(head < 1, 85.0, np.where(head < 1.15, 165.0, 8.0))
    image[(abs(columns - 120) < 2) & (head < 1)] = 55
    for middle in (values["x"], 240 - values["x"]):
        image[(columns - middle) ** 2 + (rows - values["y"]) ** 2 < 11**2] = 205
    noisy = np.clip(image + rng.normal(0, 7, image.shape), 0, 255).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(noisy, "L").save(target, "PNG")
    return target.getvalue()
