# loses: 4
    return float(np.mean(np.asarray(first, dtype=bool) == np.asarray(second, dtype=bool)))
