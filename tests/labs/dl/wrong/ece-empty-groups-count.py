# loses: 3
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    group = np.minimum(np.floor(probability * groups + 1e-9).astype(int), groups - 1)
    total = 0.0
    for number in np.unique(group):
        members = group == number
        gap = abs(probability[members].mean() - truth[members].mean())
        total += gap / groups
    return float(total)
