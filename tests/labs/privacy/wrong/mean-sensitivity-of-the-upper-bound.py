# loses: 1
    clipped = np.clip(np.asarray(values, dtype=float), low, high)
    return float(clipped.mean() + high / len(clipped) / epsilon * draw)
