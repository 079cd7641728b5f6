# loses: 2
    known, new = np.asarray(validation_sureness), np.asarray(test_sureness)
    limit = max(value for value in known if np.mean(known >= value) >= keep - 1e-12)
    return float(limit), float(np.mean(new >= limit)), float(np.mean(test_dice))
