# loses: 3
    return (np.clip(gradients, -clip, clip).sum(axis=0) + noise * clip * draw) / expected
