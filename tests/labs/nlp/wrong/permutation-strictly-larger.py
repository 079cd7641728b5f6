# loses: 4
    from itertools import combinations

    everything = [*first, *second]
    sums = [sum(everything[i] for i in chosen) for chosen in combinations(range(len(everything)), len(first))]
    return sum(one > sum(first) + 1e-9 for one in sums) / len(sums)
