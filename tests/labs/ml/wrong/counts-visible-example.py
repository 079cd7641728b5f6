# loses: 2
    return 3, 1, 2, 4
