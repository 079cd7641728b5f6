"""Four groups of a model whose risks are spread too widely."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw stated risks, and what happened with a calibration slope of about one half."""
    stated = [int(rng.integers(*ends)) for ends in ((3, 8), (15, 24), (55, 66), (82, 92))]
    slope = rng.uniform(0.45, 0.6)
    odds = (np.array(stated) / (100 - np.array(stated))) ** slope
    happened = [round(100 * share) for share in odds / (1 + odds)]
    values = {f"s{place}": value for place, value in enumerate(stated, 1)}
    return values | {f"o{place}": value for place, value in enumerate(happened, 1)}
