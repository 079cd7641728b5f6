# loses: 3
    patient, value = np.asarray(patient), np.asarray(value, dtype=float)
    rng, everyone = np.random.default_rng(seed), np.unique(patient)
    means = [value[np.isin(patient, rng.choice(everyone, len(everyone)))].mean() for _ in range(resamples)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
