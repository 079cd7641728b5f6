# loses: 4
    threshold = float(np.min(train_scores))
    truth, called = np.asarray(holdout_truth), np.asarray(holdout_scores) >= threshold
    return threshold, float(np.mean(called[truth == 1])), float(np.mean(~called[truth == 0]))
