# loses: 4
    return float(np.clip(values, low, high).mean() + (high - low) / epsilon * draw)
