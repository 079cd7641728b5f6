# loses: 1
    a, b = np.asarray(truth).astype(bool), np.asarray(prediction).astype(bool)
    total = a.sum() + b.sum()
    return 2 * (a & b).sum() / total if total else 1.0
