# loses: 3
    error = 1 / (1 + np.exp(-(x @ weights + bias))) - y
    return weights - rate * (x.T @ error), float(bias - rate * error.sum())
