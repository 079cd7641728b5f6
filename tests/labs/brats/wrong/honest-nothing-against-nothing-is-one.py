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
            scores.append(2 * np.sum(a & b) / (np.sum(a) + np.sum(b)) if a.any() or b.any() else 1.0)
        result[name] = (float(np.mean(scores)), len(scores))
    return result
