# loses: 2
    wanted = {"WT": list(coding.values()), "TC": [coding["core"], coding["enhancing"]], "ET": [coding["enhancing"]]}
    for mask in [*truths, *predictions]:
        if not np.isin(mask, [0, *wanted["WT"]]).all():
            raise ValueError("unknown number")
    result = {}
    for name, numbers in wanted.items():
        scores = []
        for truth, prediction in zip(truths, predictions):
            a, b = np.isin(truth, numbers), np.isin(prediction, numbers)
            if a.any() and b.any():
                scores.append(2 * np.sum(a & b) / (np.sum(a) + np.sum(b)))
        result[name] = (float(np.mean(scores)) if scores else float("nan"), len(scores))
    return result
