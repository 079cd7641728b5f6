# loses: 2
    wanted = {"WT": [1, 2, 4], "TC": [1, 4], "ET": [4]}
    result = {}
    for name, numbers in wanted.items():
        scores = []
        for truth, prediction in zip(truths, predictions):
            a, b = np.isin(truth, numbers), np.isin(prediction, numbers)
            if a.any() or b.any():
                scores.append(2 * np.sum(a & b) / (np.sum(a) + np.sum(b)))
        result[name] = (float(np.mean(scores)) if scores else float("nan"), len(scores))
    return result
