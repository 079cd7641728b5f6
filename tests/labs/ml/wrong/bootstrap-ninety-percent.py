# loses: 2
    _, code = np.unique(patient, return_inverse=True)
    sums, sizes = np.bincount(code, weights=np.asarray(value, dtype=float)), np.bincount(code)
    drawn = np.random.default_rng(seed).integers(0, len(sizes), size=(resamples, len(sizes)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))
