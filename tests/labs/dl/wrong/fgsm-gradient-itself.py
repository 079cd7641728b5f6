# loses: 2
    return np.clip(image + epsilon * gradient, 0, 1)
