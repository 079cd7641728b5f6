# loses: 4
    return {int(number): int(number) + 1 for number in np.unique(cluster)}
