# loses: 1
    if len(first) == 0 or len(second) == 0:
        return float("nan")
    a, b = (np.asarray(one, dtype=float) * np.asarray(spacing) for one in (first, second))
    apart = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2))
    return float(np.percentile(np.concatenate([apart.min(axis=1), apart.min(axis=0)]), percent))
