"""Bayes' theorem at a low prevalence."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the answer is far from the value of the study and from the sensitivity."""
    while True:
        sensitivity, specificity = rng.integers(75, 98) / 100, rng.integers(80, 98) / 100
        permille = int(rng.integers(5, 81))
        p = permille / 1000
        answer = 100 * sensitivity * p / (sensitivity * p + (1 - specificity) * (1 - p))
        study = 100 * sensitivity / (sensitivity + 1 - specificity)
        values = [round(answer), round(study), round(100 * sensitivity)]
        if 3 <= answer <= 60 and np.diff(sorted(values)).min() >= 2:
            return {
                "sensitivity": sensitivity,
                "specificity": specificity,
                "permille": permille,
                "answer": answer,
                "study": study,
                "sensitivity_percent": 100 * sensitivity,
            }
