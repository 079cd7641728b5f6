# loses: 1
    total = first.sum(dtype=first.dtype) + second.sum(dtype=second.dtype) if first.dtype == np.uint8 else first.sum() + second.sum()
    common = np.sum(np.asarray(first, dtype=bool) & np.asarray(second, dtype=bool))
    return float(2 * common / total) if total else float("nan")
