# loses: 2
    if len(first) == 0 or len(second) == 0:
        return float("nan")
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    apart = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2))
    return float(max(np.percentile(apart.min(axis=1), percent), np.percentile(apart.min(axis=0), percent)))
