# loses: 2
    pairs = np.asarray(repeats, dtype=float)
    limit = float(1.96 * np.std(pairs[:, 0] - pairs[:, 1]))
    return limit, bool(abs(after - before) > limit)
