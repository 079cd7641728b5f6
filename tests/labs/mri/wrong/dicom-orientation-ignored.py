# loses: 2
    x, y, z = position
    return np.array([-(x + column * spacing[1]), -(y + row * spacing[0]), z])
