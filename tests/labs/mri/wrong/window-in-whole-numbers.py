# loses: 1
    units = (stored * np.asarray(slope).astype(stored.dtype)) + np.asarray(intercept).astype(np.int16)
    return np.clip((units - centre) / width + 0.5, 0, 1)
