# loses: 4
    return hasty_auc(values, target, is_test, keep, k)
