# loses: 1
    everyone = np.unique(patient)
    return np.isin(patient, everyone[: round(fraction * len(everyone))])
