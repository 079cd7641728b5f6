# loses: 4
    adjacency, community = np.asarray(adjacency), np.asarray(community)
    m = adjacency.sum() / 2
    total = 0.0
    for one in np.unique(community):
        inside = community == one
        block = adjacency[np.ix_(inside, inside)]
        total += block.sum() / 2 / m - (block.sum() / (2 * m)) ** 2
    return float(total)
