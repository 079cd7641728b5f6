# loses: 3
    return sensitivity, specificity
