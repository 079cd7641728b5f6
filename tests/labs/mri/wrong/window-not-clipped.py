# loses: 1
    units = slope * np.asarray(stored, dtype=float) + intercept
    return (units - centre) / width + 0.5
