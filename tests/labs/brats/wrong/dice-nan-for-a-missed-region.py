# loses: 1
    a, b = np.asarray(truth).astype(bool), np.asarray(prediction).astype(bool)
    if not a.any() or not b.any():
        return float("nan")
    return 2 * (a & b).sum() / (a.sum() + b.sum())
