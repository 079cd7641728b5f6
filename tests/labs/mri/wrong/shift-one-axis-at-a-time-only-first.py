# loses: 3
    steps = range(-largest, largest + 1)
    target, image = np.asarray(fixed, dtype=float), np.asarray(moving, dtype=float)
    costs = {a: np.sum((np.roll(image, a, axis=0) - target) ** 2) for a in steps}
    return min(costs, key=costs.get), 0
