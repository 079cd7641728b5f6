# loses: 4
    weights, person, mean = np.asarray(weights, float), np.asarray(person, float), np.mean(others, axis=0)
    return float(intercept + weights @ mean), [float(part) for part in weights * (mean - person)]
