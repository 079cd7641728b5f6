# loses: 4
    units = slope * np.asarray(stored, dtype=float) + intercept
    return np.clip((units - centre) / (2 * width) + 0.5, 0, 1)
