# loses: 1
    unit = np.argmax(bias_gradient)
    return weight_gradient[unit] / bias_gradient[unit]
