# loses: 4
    total = left = 0
    safe = {}
    for owner, wanted, found in zip(patient, identifiers, masked):
        covered = {place for start, end in found for place in range(start, end)}
        for start, end in wanted:
            total += end - start
            missing = sum(place not in covered for place in range(start, end))
            left += missing
            safe[owner] = safe.get(owner, True) and not missing
    return 1 - left / total, sum(safe.values()) / len(safe)
