# loses: 1
    return np.clip(image + np.where(gradient > 0, epsilon, -epsilon), 0, 1)
