# loses: 3
    weights, person, middle = np.asarray(weights, float), np.asarray(person, float), np.median(others, axis=0)
    return float(intercept + weights @ middle), [float(part) for part in weights * (person - middle)]
