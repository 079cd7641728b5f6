# loses: 3
    return [one <= budget for one in requests]
