# loses: 1
    everyone = np.unique(patient)
    number = round(fraction * len(everyone))
    return ~np.isin(patient, np.random.default_rng(seed).choice(everyone, size=number, replace=False))
