# loses: 1
    total = np.asarray(truth) + np.asarray(prediction)
    each = 2 * np.asarray(common)[total > 0] / total[total > 0]
    return float(2 * np.sum(common) / total.sum()), float(each.mean()), int((each <= 0.5).sum())
