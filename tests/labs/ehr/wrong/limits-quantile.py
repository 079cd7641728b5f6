# loses: 4
    truth, score, group = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    return {str(n): float(np.quantile(score[(truth == 1) & (group == n)], 1 - required)) for n in np.unique(group)}
