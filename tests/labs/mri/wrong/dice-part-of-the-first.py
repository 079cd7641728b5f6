# loses: 2
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    return float((one & two).sum() / one.sum()) if one.any() or two.any() else float("nan")
