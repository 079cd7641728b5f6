# loses: 2
    pairs = np.asarray(repeats, dtype=float)
    limit = float(1.96 * np.mean(np.abs(pairs[:, 0] - pairs[:, 1])))
    return limit, bool(before - after > limit)
