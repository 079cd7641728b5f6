# loses: 4
    return np.clip((np.asarray(stored, dtype=float) - centre) / width + 0.5, 0, 1)
