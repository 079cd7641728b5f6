# loses: 1
    error = 1 / (1 + np.exp(-(x @ weights + bias))) - y
    return weights - rate * (x.T @ error) / len(y), bias
