"""A limit of sureness from ten validation patients, and ten test scans."""

import numpy as np


def shown(values: list[int]) -> dict[str, str]:
    """Write hundredths in both languages, the highest first."""
    said = [f"{value / 100:.2f}" for value in values]
    return {"en": ", ".join(said), "no": "; ".join(one.replace(".", ",") for one in said)}


def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw until the numbers can be told apart."""
    while True:
        validation = sorted((int(value) for value in rng.choice(np.arange(60, 98), 10, replace=False)), reverse=True)
        test = sorted((int(value) for value in rng.choice(np.arange(45, 96), 10, replace=False)), reverse=True)
        passed, looser = (sum(value >= validation[place] for value in test) for place in (7, 8))
        numbers = {"answer": 10 * passed, "wished": 80, "refused": 100 - 10 * passed, "next_one": 10 * looser}
        if 10 * passed >= 20 and len(set(numbers.values())) == len(numbers):
            return {"v": shown(validation), "t": shown(test), "limit": validation[7] / 100} | numbers
