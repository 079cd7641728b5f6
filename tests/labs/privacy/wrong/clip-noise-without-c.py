# loses: 1
    return ((gradients / np.maximum(1.0, length / clip)).sum(axis=0) + noise * draw) / expected
