# loses: 3
    length = np.linalg.norm(gradients, axis=1, keepdims=True)
    return ((gradients / np.maximum(1.0, length / clip)).sum(axis=0) + noise * clip * draw) / len(gradients)
