# loses: 2
    right = [score >= 0.5 for score in with_cancer] + [score < 0.5 for score in without_cancer]
    return float(np.mean(right))
