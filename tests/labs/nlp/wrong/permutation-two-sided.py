# loses: 4
    from itertools import combinations

    everything, total = [*first, *second], sum(first) + sum(second)
    real = abs(2 * sum(first) - total)
    sums = [sum(everything[i] for i in chosen) for chosen in combinations(range(len(everything)), len(first))]
    return sum(abs(2 * one - total) > real - 1e-9 for one in sums) / len(sums)
