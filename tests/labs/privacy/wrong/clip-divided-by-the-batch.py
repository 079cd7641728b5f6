# loses: 3
    return ((gradients / np.maximum(1.0, length / clip)).sum(axis=0) + noise * clip * draw) / len(gradients)
