"""Receptive field of four convolutions with strides."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw widths and strides until a stride counts for a later layer."""
    while True:
        width, strides = (
            int(rng.choice([3, 5, 7])),
            [int(stride) for stride in rng.choice([1, 2, 3], 4, p=[0.4, 0.5, 0.1])],
        )
        after = [int(factor) for factor in np.cumprod(strides)]
        before = [1, *after[:3]]
        fields = {"answer": before, "flat": [1] * 4, "early": after}
        values = {name: 1 + (width - 1) * sum(factors) for name, factors in fields.items()}
        if max(before) > 1 and len(set(values.values())) == len(values):
            shown = {"width": width} | {f"s{place}": stride for place, stride in enumerate(strides, 1)}
            return shown | {f"f{place}": factor for place, factor in enumerate(before, 1)} | values
