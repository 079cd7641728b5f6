# loses: 3
    adjacency, community = np.asarray(adjacency), np.asarray(community)
    m = adjacency.sum() / 2
    total = 0.0
    for one in (0, 1):
        inside = community == one
        total += adjacency[np.ix_(inside, inside)].sum() / 2 / m - (adjacency[inside].sum() / (2 * m)) ** 2
    return float(total)
