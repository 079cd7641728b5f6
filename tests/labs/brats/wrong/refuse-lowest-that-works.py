# loses: 3
    known, new = np.asarray(validation_sureness), np.asarray(test_sureness)
    limit = min(known)
    passed = new >= limit
    dice = float(np.mean(np.asarray(test_dice)[passed])) if passed.any() else float("nan")
    return float(limit), float(passed.mean()), dice
