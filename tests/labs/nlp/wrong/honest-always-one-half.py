# loses: 3
    return 0.5
