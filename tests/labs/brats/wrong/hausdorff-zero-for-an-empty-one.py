# loses: 1
    if len(first) == 0 or len(second) == 0:
        return 0.0
    a, b = (np.asarray(one, dtype=float) * np.asarray(spacing) for one in (first, second))
    apart = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2))
    return float(max(np.percentile(apart.min(axis=1), percent), np.percentile(apart.min(axis=0), percent)))
