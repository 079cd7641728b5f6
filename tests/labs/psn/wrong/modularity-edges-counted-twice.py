# loses: 4
    adjacency, community = np.asarray(adjacency), np.asarray(community)
    m = adjacency.sum()
    total = 0.0
    for one in np.unique(community):
        inside = community == one
        total += adjacency[np.ix_(inside, inside)].sum() / 2 / m - (adjacency[inside].sum() / (2 * m)) ** 2
    return float(total)
