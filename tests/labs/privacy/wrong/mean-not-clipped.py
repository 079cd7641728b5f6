# loses: 1
    return float(np.mean(values) + (high - low) / len(values) / epsilon * draw)
