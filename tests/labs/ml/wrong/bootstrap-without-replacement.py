# loses: 4
    value = np.asarray(value, dtype=float)
    rng = np.random.default_rng(seed)
    means = [rng.permutation(value).mean() for _ in range(resamples)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
