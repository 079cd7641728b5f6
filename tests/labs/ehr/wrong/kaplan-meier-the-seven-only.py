# loses: 2
    steps = {2: 6 / 7, 5: 24 / 35, 9: 12 / 35}
    return min([1.0] + [value for when, value in steps.items() if when <= at])
