# loses: 4
    pairs = np.asarray(repeats, dtype=float)
    limit = float(1.96 * np.std(pairs.mean(axis=1)))
    return limit, bool(abs(after - before) > limit)
