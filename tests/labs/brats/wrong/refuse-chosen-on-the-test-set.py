# loses: 4
    new = np.asarray(test_sureness, dtype=float)
    limit = float(np.quantile(new, 1 - keep))
    passed = new >= limit
    return limit, float(passed.mean()), float(np.mean(np.asarray(test_dice)[passed]))
