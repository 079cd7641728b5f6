# loses: 3
    counts = np.asarray(counts, dtype=float)
    weighted = counts * (np.log((1 + len(counts)) / (1 + counts.sum(axis=0))) + 1)
    length = np.linalg.norm(weighted, axis=1, keepdims=True)
    return np.divide(weighted, length, out=np.zeros_like(weighted), where=length > 0)
