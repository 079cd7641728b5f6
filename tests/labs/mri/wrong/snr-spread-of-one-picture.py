# loses: 1
    one = np.asarray(first, dtype=float)[region]
    two = np.asarray(second, dtype=float)[region]
    return float(np.mean((one + two) / 2) / np.std(one))
