# loses: 4
    truth, score = np.asarray(train_truth), np.asarray(train_scores)
    threshold = float(max([value for value in score if np.mean(score[truth == 1] > value) >= required], default=0.0))
    truth, called = np.asarray(holdout_truth), np.asarray(holdout_scores) > threshold
    return threshold, float(np.mean(called[truth == 1])), float(np.mean(~called[truth == 0]))
