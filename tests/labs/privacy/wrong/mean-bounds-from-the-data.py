# loses: 4
    values = np.asarray(values, dtype=float)
    clipped = np.clip(values, low, high)
    return float(clipped.mean() + (values.max() - values.min()) / len(values) / epsilon * draw)
