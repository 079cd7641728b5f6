# loses: 1
    steps = range(-largest, largest + 1)
    costs = {(a, b): np.sum((np.roll(moving, (a, b), axis=(0, 1)) - fixed) ** 2) for a in steps for b in steps}
    return min(costs, key=costs.get)
