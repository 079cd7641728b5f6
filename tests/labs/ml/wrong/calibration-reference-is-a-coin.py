# loses: 2
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    brier = np.mean((probability - truth) ** 2)
    return {"expected": probability.sum(), "observed": truth.sum(), "Brier": brier, "skill": 1 - brier / 0.25}
