# loses: 1
    kept = [value for value in values if low <= value <= high]
    return float(np.mean(kept) + (high - low) / len(values) / epsilon * draw)
