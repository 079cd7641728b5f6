# loses: 3
    error = (x @ weights + bias > 0) - y
    return weights - rate * (x.T @ error) / len(y), float(bias - rate * error.mean())
