# loses: 2
    shares = 1 - np.asarray(patients) / sum(patients)
    return sum(one * share for one, share in zip(weights, shares / shares.sum()))
