# loses: 2
    outcome, group, strata = np.asarray(outcome), np.asarray(group), np.asarray(strata)
    generator = np.random.default_rng(seed)

    def difference(values):
        return values[group == 1].mean() - values[group == 0].mean()

    observed, count = difference(outcome), 0
    for _ in range(shuffles):
        mixed = outcome.copy()
        for one in np.unique(strata):
            mixed[strata == one] = generator.permutation(outcome[strata == one])
        count += difference(mixed) >= observed - 1e-9
    return (1 + count) / (1 + shuffles)
