# loses: 4
    fit = queries @ keys.T / np.sqrt(queries.shape[1])
    weights = np.exp(fit - fit.max())
    weights = weights / weights.sum(axis=0, keepdims=True)
    return weights, weights @ values
