"""The false positive rate that follows from prevalence, PPV and sensitivity."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        ppv, se, p = (int(rng.integers(*ends)) / 100 for ends in ((50, 80), (60, 90), (15, 40)))
        answer = 100 * p / (1 - p) * (1 - ppv) / ppv * se
        values = {"answer": answer, "complement": 100 * (1 - ppv)}
        if 5 <= answer <= 60 and abs(values["answer"] - values["complement"]) > 2:
            return {"ppv": ppv, "se": se, "p": p} | values
