# loses: 1
    total = np.asarray(truth) + np.asarray(prediction)
    each = 2 * np.asarray(common) / np.maximum(total, 1)
    kept = each[total > 0]
    return float(2 * np.sum(common) / total.sum()), float(each.mean()), int((kept < 0.5).sum())
