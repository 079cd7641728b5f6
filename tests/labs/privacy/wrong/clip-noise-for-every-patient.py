# loses: 2
    return (gradients / np.maximum(1.0, length / clip) + noise * clip * draw).sum(axis=0) / expected
