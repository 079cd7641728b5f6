# loses: 1
    total = np.asarray(truth) + np.asarray(prediction)
    each = np.where(total > 0, 2 * np.asarray(common) / np.maximum(total, 1), 1.0)
    return float(2 * np.sum(common) / total.sum()), float(each.mean()), int((each < 0.5).sum())
