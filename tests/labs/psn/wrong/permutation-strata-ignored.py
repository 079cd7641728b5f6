# loses: 1
    outcome, group = np.asarray(outcome), np.asarray(group)
    generator = np.random.default_rng(seed)

    def difference(values):
        return sum((group == g).sum() * (values[group == g].mean() - values.mean()) ** 2 for g in np.unique(group))

    observed, count = difference(outcome), 0
    for _ in range(shuffles):
        count += difference(generator.permutation(outcome)) >= observed - 1e-9
    return (1 + count) / (1 + shuffles)
