# loses: 1
    _, code = np.unique(patient, return_inverse=True)
    means = np.bincount(code, weights=np.asarray(value, dtype=float)) / np.bincount(code)
    drawn = np.random.default_rng(seed).integers(0, len(means), size=(resamples, len(means)))
    low, high = np.quantile(means[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
