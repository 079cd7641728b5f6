# loses: 2
    ranks = np.array([1 + sum(row > max(row[list(wanted)])) for row, wanted in zip(scores, right)])
    return float(np.mean(ranks <= k)), float(1 / np.mean(ranks))
