"""Scale of the Laplace noise of a mean."""

import numpy as np

QUERIES = (
    ({"en": "body weight in kg", "no": "kroppsvekt i kg"}, 35, 165),
    ({"en": "heart rate per minute", "no": "hjertefrekvens per minutt"}, 40, 180),
    ({"en": "haemoglobin in g/l", "no": "hemoglobin i g/l"}, 60, 190),
    ({"en": "age in years", "no": "alder i år"}, 18, 98),
)


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw until the numbers can be told apart."""
    while True:
        what, low, high = QUERIES[int(rng.integers(len(QUERIES)))]
        n, epsilon = int(rng.choice([50, 80, 100, 160, 250])), float(rng.choice([0.1, 0.2, 0.4, 0.5]))
        moved = (high - low) / n
        values = {
            "answer": moved / epsilon,
            "whole": (high - low) / epsilon,
            "from_zero": high / n / epsilon,
            "times": moved * epsilon,
        }
        if np.diff(sorted(values.values())).min() > 0.06:
            return {"what": what, "low": low, "high": high, "n": n, "epsilon": epsilon} | values
