# loses: 3
    counts = np.asarray(counts, dtype=float)
    weighted = counts * np.log(len(counts) / np.maximum((counts > 0).sum(axis=0), 1))
    length = np.linalg.norm(weighted, axis=1, keepdims=True)
    return np.divide(weighted, length, out=np.zeros_like(weighted), where=length > 0)
