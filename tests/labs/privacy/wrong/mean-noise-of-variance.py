# loses: 4
    clipped = np.clip(np.asarray(values, dtype=float), low, high)
    return float(clipped.mean() + 2**0.5 * (high - low) / len(clipped) / epsilon * draw)
