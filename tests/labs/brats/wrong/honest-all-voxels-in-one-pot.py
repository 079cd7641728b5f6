# loses: 2
    wanted = {"WT": list(coding.values()), "TC": [coding["core"], coding["enhancing"]], "ET": [coding["enhancing"]]}
    for mask in [*truths, *predictions]:
        if not np.isin(mask, [0, *wanted["WT"]]).all():
            raise ValueError("unknown number")
    result = {}
    for name, numbers in wanted.items():
        pairs = [(np.isin(t, numbers), np.isin(p, numbers)) for t, p in zip(truths, predictions)]
        pairs = [(a, b) for a, b in pairs if a.any() or b.any()]
        total = sum(int(a.sum() + b.sum()) for a, b in pairs)
        common = sum(int((a & b).sum()) for a, b in pairs)
        result[name] = (2 * common / total if total else float("nan"), len(pairs))
    return result
