# loses: 2
    return np.mean(weights, axis=0)
