# loses: 3
    rows = np.random.default_rng(seed).permutation(len(patient))
    held = np.zeros(len(patient), dtype=bool)
    held[rows[: round(fraction * len(patient))]] = True
    return held
