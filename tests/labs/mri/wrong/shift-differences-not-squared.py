# loses: 4
    steps = range(-largest, largest + 1)
    target, image = np.asarray(fixed, dtype=float), np.asarray(moving, dtype=float)
    costs = {(a, b): np.sum(np.roll(image, (a, b), axis=(0, 1)) - target) for a in steps for b in steps}
    return min(costs, key=costs.get)
