# loses: 1
    return weight_gradient.sum(axis=0) / bias_gradient.sum()
