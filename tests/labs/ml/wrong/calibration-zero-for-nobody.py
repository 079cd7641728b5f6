# loses: 1
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    brier, share = np.mean((probability - truth) ** 2), truth.mean()
    skill = 1 - brier / (share * (1 - share)) if 0 < share < 1 else 0.0
    return {"expected": probability.sum(), "observed": truth.sum(), "Brier": brier, "skill": skill}
