# loses: 4
    weights, person, mean = np.asarray(weights, float), np.asarray(person, float), np.mean(others)
    return float(intercept + weights.sum() * mean), [float(part) for part in weights * (person - mean)]
