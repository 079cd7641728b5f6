# loses: 2
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    right = (probability >= 0.5) == (truth == 1)
    sure = np.maximum(probability, 1 - probability)
    group = np.minimum(np.floor(sure * groups + 1e-9).astype(int), groups - 1)
    gaps = [abs(sure[group == k].mean() - right[group == k].mean()) * np.mean(group == k) for k in np.unique(group)]
    return float(sum(gaps))
