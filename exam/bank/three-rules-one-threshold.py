"""Net benefit of a model and of acting on everybody, in whole numbers."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw counts that can be divided by the price."""
    while True:
        price = int(rng.choice([4, 9, 19]))
        ill = int(rng.integers(30, 140))
        healthy = 1000 - ill
        tp, fp = int(ill * rng.uniform(0.4, 0.8)), int(rng.integers(3, 15)) * price
        if healthy % price == 0 and ill != healthy // price and tp - fp // price >= 5:
            return {
                "price": price,
                "threshold": 1 / (price + 1),
                "ill": ill,
                "healthy": healthy,
                "isolated": tp + fp,
                "tp": tp,
                "fp": fp,
                "model": tp - fp // price,
                "everybody": ill - healthy // price,
            }
