# loses: 2
    units = slope * np.asarray(stored, dtype=float) + intercept
    shown = np.clip(units, centre - width / 2, centre + width / 2)
    return (shown - shown.min()) / (shown.max() - shown.min())
