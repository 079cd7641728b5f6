# loses: 4
    truth, score, group = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    return {str(name): float(min(score[(truth == 1) & (group == name)])) for name in np.unique(group)}
