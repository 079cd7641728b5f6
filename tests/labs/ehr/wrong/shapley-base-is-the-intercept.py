# loses: 2
    weights, person, mean = np.asarray(weights, float), np.asarray(person, float), np.mean(others, axis=0)
    return float(intercept), [float(part) for part in weights * (person - mean)]
