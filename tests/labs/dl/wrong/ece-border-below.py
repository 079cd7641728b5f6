# loses: 1
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    group = np.maximum(np.ceil(probability * groups - 1e-9).astype(int) - 1, 0)
    total = 0.0
    for number in np.unique(group):
        members = group == number
        gap = abs(probability[members].mean() - truth[members].mean())
        total += gap * members.mean()
    return float(total)
