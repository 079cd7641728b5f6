# loses: 2
    a, b = np.asarray(truth).astype(bool), np.asarray(prediction).astype(bool)
    union = (a | b).sum()
    return (a & b).sum() / union if union else float("nan")
