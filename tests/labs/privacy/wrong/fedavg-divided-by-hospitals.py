# loses: 3
    return sum(number * one for one, number in zip(weights, patients)) / len(weights)
