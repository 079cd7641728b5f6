"""Share of the weights of a convolution and a dense layer that lies in the dense one."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        a, b, size, m = (int(rng.choice(of)) for of in ([8, 16, 32], [16, 32, 64], range(4, 9), range(3, 13)))
        conv, dense = 9 * a * b, size * size * b * m
        values = {"answer": 100 * dense / (conv + dense), "rest": 100 * conv / (conv + dense)}
        values["channels"] = 100 * b * m / (conv + b * m)
        shown = sorted(round(value) for value in values.values())
        if np.diff(shown).min() >= 2 and shown[0] >= 2 and 52 <= values["answer"] <= 92:
            return {"a": a, "b": b, "size": size, "m": m, "conv": conv, "dense": dense} | values
