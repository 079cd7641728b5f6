# loses: 1
    return float(np.mean(np.greater_equal.outer(np.asarray(with_cancer), np.asarray(without_cancer))))
