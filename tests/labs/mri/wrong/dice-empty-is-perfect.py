# loses: 1
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    total = one.sum() + two.sum()
    return float(2 * np.sum(one & two) / total) if total else 1.0
