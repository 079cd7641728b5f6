# loses: 4
    across, down = np.asarray(orientation[:3], dtype=float), np.asarray(orientation[3:], dtype=float)
    lps = np.asarray(position, dtype=float) + row * spacing[0] * across + column * spacing[1] * down
    return lps * np.array([-1, -1, 1])
