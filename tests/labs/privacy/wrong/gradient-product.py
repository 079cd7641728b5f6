# loses: 3
    unit = np.argmax(np.abs(bias_gradient))
    return weight_gradient[unit] * bias_gradient[unit]
