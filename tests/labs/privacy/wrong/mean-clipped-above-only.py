# loses: 1
    clipped = np.minimum(np.asarray(values, dtype=float), high)
    return float(clipped.mean() + (high - low) / len(clipped) / epsilon * draw)
