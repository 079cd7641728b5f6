# loses: 4
    truth, score = np.asarray(holdout_truth), np.asarray(holdout_scores)
    threshold = float(max(value for value in score if np.mean(score[truth == 1] >= value) >= required))
    return threshold, float(np.mean(score[truth == 1] >= threshold)), float(np.mean(score[truth == 0] < threshold))
