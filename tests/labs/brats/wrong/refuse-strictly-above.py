# loses: 1
    known, new = np.asarray(validation_sureness), np.asarray(test_sureness)
    limit = max(value for value in known if np.mean(known >= value) >= keep - 1e-12)
    passed = new > limit
    dice = float(np.mean(np.asarray(test_dice)[passed])) if passed.any() else float("nan")
    return float(limit), float(passed.mean()), dice
