# loses: 4
    truth, score, group = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    limits = {}
    for name in np.unique(group):
        dead = score[(truth == 1) & (group == name)]
        fitting = [value for value in [0.0, *dead] if np.mean(dead > value) >= required - 1e-12]
        limits[str(name)] = float(max(fitting))
    return limits
