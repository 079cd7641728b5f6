# loses: 2
    hits, safe = [], dict.fromkeys(patient, True)
    for owner, wanted, found in zip(patient, identifiers, masked):
        covered = {place for start, end in found for place in range(start, end)}
        for start, end in wanted:
            hits.append(all(place in covered for place in range(start, end - 1)))
            safe[owner] = safe[owner] and hits[-1]
    return sum(hits) / len(hits), sum(safe.values()) / len(safe)
