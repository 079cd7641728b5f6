# loses: 2
    value = np.asarray(value, dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(value), size=(resamples, len(value)))
    means = value[drawn].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
