# loses: 3
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    brier, share = np.sqrt(np.mean((probability - truth) ** 2)), truth.mean()
    skill = 1 - brier / (share * (1 - share)) if 0 < share < 1 else np.nan
    return {"expected": probability.sum(), "observed": truth.sum(), "Brier": brier, "skill": skill}
