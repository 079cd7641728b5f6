# loses: 4
    one, two = np.asarray(first, dtype=float)[region], np.asarray(second, dtype=float)[region]
    return float(np.mean((one + two) / 2) / (np.std(one - two) / 2))
