# loses: 2
    ranks = np.array([1 + sum(row > row[min(wanted)]) for row, wanted in zip(scores, right)])
    return float(np.mean(ranks <= k)), float(np.mean(1 / ranks))
