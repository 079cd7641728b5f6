# loses: 4
    across, down = np.asarray(orientation[:3], dtype=float), np.asarray(orientation[3:], dtype=float)
    return np.asarray(position, dtype=float) + column * spacing[1] * across + row * spacing[0] * down
