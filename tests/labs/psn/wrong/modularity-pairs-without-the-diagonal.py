# loses: 4
    adjacency = np.asarray(adjacency)
    degree = adjacency.sum(axis=1)
    twice = degree.sum()
    total = 0.0
    for i in range(len(adjacency)):
        for j in range(i):
            if community[i] == community[j]:
                total += 2 * (adjacency[i, j] - degree[i] * degree[j] / twice) / twice
    return float(total)
