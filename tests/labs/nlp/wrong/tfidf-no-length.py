# loses: 4
    counts = np.asarray(counts, dtype=float)
    holding = (counts > 0).sum(axis=0)
    return counts * (np.log((1 + len(counts)) / (1 + holding)) + 1)
