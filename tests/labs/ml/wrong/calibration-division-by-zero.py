# loses: 1
    n, seen = len(truth), sum(int(y) for y in truth)
    brier = sum((float(p) - int(y)) ** 2 for p, y in zip(probability, truth)) / n
    skill = 1 - brier / (seen / n * (1 - seen / n))
    return {"expected": sum(probability), "observed": seen, "Brier": brier, "skill": skill}
