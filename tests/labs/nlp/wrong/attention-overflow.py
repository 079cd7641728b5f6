# loses: 1
    weights = np.exp(queries @ keys.T / np.sqrt(queries.shape[1]))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights, weights @ values
