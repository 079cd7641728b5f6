"""Shapley value of one column of a linear model."""

import numpy as np


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw until the numbers can be told apart."""
    while True:
        weight, age = int(rng.integers(3, 10)) / 100, int(rng.integers(55, 86))
        mean, oldest = int(rng.integers(45, 75)), int(rng.integers(88, 98))
        part = weight * (age - mean)
        values = {"answer": part, "whole": weight * age, "turned": -part, "extreme": weight * (age - oldest)}
        if abs(age - mean) > 4 and np.diff(sorted(values.values())).min() > 0.08:
            return {"weight": weight, "age": age, "mean": mean, "oldest": oldest} | values
