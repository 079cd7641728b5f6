# loses: 3
    length = np.linalg.norm(gradients, axis=1, keepdims=True)
    return ((gradients / length * clip).sum(axis=0) + noise * clip * draw) / expected
