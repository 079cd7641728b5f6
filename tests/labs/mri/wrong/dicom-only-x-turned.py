# loses: 4
    across, down = np.asarray(orientation[:3], dtype=float), np.asarray(orientation[3:], dtype=float)
    lps = np.asarray(position, dtype=float) + column * spacing[1] * across + row * spacing[0] * down
    return lps * np.array([-1, 1, 1])
