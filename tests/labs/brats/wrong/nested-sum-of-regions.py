# loses: 2
    return (np.asarray(probability) >= threshold).sum(axis=0)
