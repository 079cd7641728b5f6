# loses: 1
    return weight_gradient[unit] / abs(bias_gradient[unit])
