# loses: 4
    truth, score, group = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    dead = score[truth == 1]
    limit = float(max(value for value in dead if np.mean(dead >= value) >= required - 1e-12))
    return {str(name): limit for name in np.unique(group)}
