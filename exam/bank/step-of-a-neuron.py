"""One step of a neuron whose sum is 0, so that it says one half."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw until the numbers can be told apart."""
    while True:
        w1, w2 = (int(value) / 10 for value in rng.choice([-8, -6, -5, -4, -2, 2, 4, 5, 6, 8], 2))
        x1, x2 = (int(value) for value in rng.integers(2, 7, 2))
        b, rate, ill = -round(w1 * x1 + w2 * x2, 1), float(rng.choice([0.1, 0.2, 0.4])), bool(rng.integers(2))
        pull = rate * (0.5 if ill else -0.5)
        values = {
            "answer": w1 + pull * x1,
            "uphill": w1 - pull * x1,
            "yes_or_no": w1 + 2 * pull * x1,
            "no_input": w1 + pull,
        }
        if b != 0 and np.diff(sorted(values.values())).min() > 0.04:
            state = {"en": "ill", "no": "syk"} if ill else {"en": "healthy", "no": "frisk"}
            return {"w1": w1, "w2": w2, "b": b, "x1": x1, "x2": x2, "rate": rate, "state": state} | values
