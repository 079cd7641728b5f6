# loses: 3
    a, b = np.asarray(truth).astype(bool), np.asarray(prediction).astype(bool)
    return (2 * (a & b).sum() + 1e-5) / (a.sum() + b.sum() + 1e-5)
