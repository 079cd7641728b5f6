# loses: 3
    return ((gradients / length * clip).sum(axis=0) + noise * clip * draw) / expected
