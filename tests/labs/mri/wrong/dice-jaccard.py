# loses: 3
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    either = (one | two).sum()
    return float((one & two).sum() / either) if either else float("nan")
