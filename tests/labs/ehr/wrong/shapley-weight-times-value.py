# loses: 4
    weights, person = np.asarray(weights, float), np.asarray(person, float)
    return float(intercept), [float(part) for part in weights * person]
