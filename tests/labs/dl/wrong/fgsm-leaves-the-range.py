# loses: 1
    return image + epsilon * np.sign(gradient)
