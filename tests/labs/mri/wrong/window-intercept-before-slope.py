# loses: 1
    units = slope * (np.asarray(stored, dtype=float) + intercept)
    return np.clip((units - centre) / width + 0.5, 0, 1)
