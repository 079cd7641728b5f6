"""What priority to the worst off costs in lives, against the largest sum."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until each rule has one choice and the numbers can be told apart."""
    bounds = {"a": ((4, 11), (3, 9)), "b": ((14, 24), (6, 15)), "c": ((28, 38), (24, 40)), "d": ((40, 50), (22, 36))}
    bounds["e"] = ((66, 76), (8, 19))
    while True:
        without = {name: int(rng.integers(*ends)) for name, (ends, _) in bounds.items()}
        gain = {name: int(rng.integers(*ends)) for name, (_, ends) in bounds.items()}
        chance = {name: without[name] + gain[name] for name in bounds}
        poor, best = gain["a"] + gain["b"], gain["c"] + gain["d"]
        highest = sorted(chance, key=chance.__getitem__)[-2:]
        level = sum(gain[name] for name in highest) - poor
        values = {"answer": best - poor, "level": level, "gross": best}
        clear = len(set(chance.values())) == 5 and "e" in highest and level > 0
        if clear and np.diff(sorted(values.values())).min() >= 3:
            table = {f"{name}0": without[name] for name in bounds} | {f"{name}1": chance[name] for name in bounds}
            return table | {f"gain_{name}": gain[name] for name in "abcd"} | values
