# loses: 1
    pairs = np.asarray(repeats, dtype=float)
    limit = float(1.96 * np.sqrt(np.mean((pairs[:, 0] - pairs[:, 1]) ** 2)))
    return limit, bool(before - after > limit)
