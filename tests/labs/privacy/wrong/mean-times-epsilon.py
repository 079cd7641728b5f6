# loses: 1
    return float(np.clip(values, low, high).mean() + (high - low) / len(values) * epsilon * draw)
