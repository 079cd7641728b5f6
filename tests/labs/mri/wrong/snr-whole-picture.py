# loses: 1
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    return float(np.mean((one + two) / 2) / (np.std(one - two) / np.sqrt(2)))
