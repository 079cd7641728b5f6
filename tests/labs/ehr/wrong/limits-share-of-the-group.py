# loses: 4
    truth, score, group = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    limits = {}
    for name in np.unique(group):
        everybody = score[group == name]
        limits[str(name)] = float(max(value for value in everybody if np.mean(everybody >= value) >= required - 1e-12))
    return limits
