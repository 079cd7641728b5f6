# loses: 2
    unit = np.argmax(np.abs(bias_gradient))
    return weight_gradient[unit] / abs(bias_gradient[unit])
