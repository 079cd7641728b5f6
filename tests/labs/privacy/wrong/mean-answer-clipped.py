# loses: 2
    clipped = np.clip(np.asarray(values, dtype=float), low, high)
    return float(np.clip(clipped.mean() + (high - low) / len(clipped) / epsilon * draw, low, high))
