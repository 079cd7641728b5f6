# loses: 3
    return weight_gradient[np.argmax(np.abs(bias_gradient))]
