# loses: 2
    noisy = gradients + noise * clip * draw
    length = np.linalg.norm(noisy, axis=1, keepdims=True)
    return (noisy / np.maximum(1.0, length / clip)).sum(axis=0) / expected
