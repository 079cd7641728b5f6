# loses: 2
    fit = queries @ keys.T / np.sqrt(keys.shape[0])
    weights = np.exp(fit - fit.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights, weights @ values
