# loses: 4
    truth, called = np.asarray(holdout_truth), np.asarray(holdout_scores) >= 0.5
    return 0.5, float(np.mean(called[truth == 1])), float(np.mean(~called[truth == 0]))
