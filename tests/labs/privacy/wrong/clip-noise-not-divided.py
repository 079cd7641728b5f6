# loses: 2
    return (gradients / np.maximum(1.0, length / clip)).sum(axis=0) / expected + noise * clip * draw
