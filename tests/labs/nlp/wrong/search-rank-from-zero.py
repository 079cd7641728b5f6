# loses: 2
    ranks = np.array([sum(row > max(row[list(wanted)])) for row, wanted in zip(scores, right)])
    return float(np.mean(ranks < k)), float(np.mean(1 / np.maximum(ranks, 1)))
