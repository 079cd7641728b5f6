# loses: 3
    if len(first) == 0 or len(second) == 0:
        return float("nan")
    a, b = (np.asarray(one, dtype=float) * np.asarray(spacing) for one in (first, second))
    apart = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2))
    return float(max(apart.min(axis=1).max(), apart.min(axis=0).max()))
