# loses: 1
    counts = np.asarray(counts, dtype=float)
    weighted = counts * (np.log((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))) + 1)
    return weighted / np.linalg.norm(weighted, axis=1, keepdims=True)
