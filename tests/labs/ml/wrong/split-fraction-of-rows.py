# loses: 2
    patient = np.asarray(patient)
    held = np.zeros(len(patient), dtype=bool)
    for one in np.random.default_rng(seed).permutation(np.unique(patient)):
        if held.sum() < fraction * len(patient):
            held |= patient == one
    return held
