# loses: 2
    return weight_gradient[unit] * bias_gradient[unit]
