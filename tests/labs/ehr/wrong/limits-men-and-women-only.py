# loses: 2
    truth, score, group = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    limits = {}
    for name in ("men", "women"):
        dead = score[(truth == 1) & (group == name)]
        limits[name] = float(max(value for value in dead if np.mean(dead >= value) >= required - 1e-12))
    return limits
