# loses: 3
    pairs = [(a < b) + 0.5 * (a == b) for a in with_cancer for b in without_cancer]
    return float(np.mean(pairs))
