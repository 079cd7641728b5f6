# loses: 3
    return np.clip(image - epsilon * np.sign(gradient), 0, 1)
