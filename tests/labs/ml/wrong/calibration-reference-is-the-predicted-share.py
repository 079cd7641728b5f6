# loses: 2
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    brier, share = np.mean((probability - truth) ** 2), probability.mean()
    skill = 1 - brier / (share * (1 - share))
    return {"expected": probability.sum(), "observed": truth.sum(), "Brier": brier, "skill": skill}
