# loses: 1
    return weight_gradient[0] / bias_gradient[0]
