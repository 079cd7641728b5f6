# loses: 3
    return 1, 0.2
