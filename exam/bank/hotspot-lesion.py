"""A simulated slice with one bright lesion."""

import io

import numpy as np
from PIL import Image


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw where the lesion lies and how large it is."""
    angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(15, 50)
    x, y = 120 + away * np.cos(angle), 120 + 1.15 * away * np.sin(angle)
    return {
        "x": round(float(x)),
        "y": round(float(y)),
        "radius": int(rng.integers(12, 19)),
        "noise": int(rng.integers(10_000)),
    }


def paint(values: dict[str, float]) -> bytes:
    """Paint the slice as a PNG."""
    rng = np.random.default_rng(int(values["noise"]))
    rows, columns = np.mgrid[:240, :240]
    head = ((columns - 120) / 85) ** 2 + ((rows - 120) / 105) ** 2
    image = np.where(head < 1, 90.0, np.where(head < 1.15, 170.0, 8.0))
    ventricles = ((columns - 120) / 22) ** 2 + ((rows - 118) / 34) ** 2 < 1
    image[ventricles & (abs(columns - 120) > 4)] = 45
    lesion = (columns - values["x"]) ** 2 + (rows - values["y"]) ** 2 < (0.8 * values["radius"]) ** 2
    image[lesion] = 200
    noisy = np.clip(image + rng.normal(0, 7, image.shape), 0, 255).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(noisy, "L").save(target, "PNG")
    return target.getvalue()
