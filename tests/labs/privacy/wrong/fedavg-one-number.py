# loses: 3
    return np.average(weights, weights=np.broadcast_to(np.reshape(patients, (-1,) + (1,) * (np.ndim(weights) - 1)), np.shape(weights)))
