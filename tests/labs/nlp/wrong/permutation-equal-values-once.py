# loses: 1
    from itertools import combinations

    sums = [sum(chosen) for chosen in set(combinations([*first, *second], len(first)))]
    return sum(one >= sum(first) for one in sums) / len(sums)
