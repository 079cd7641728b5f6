# loses: 3
    hits, safe = [], {}
    for owner, wanted, found in zip(patient, identifiers, masked):
        safe.setdefault(owner, True)
        for start, end in wanted:
            hit = any(a < end and start < b for a, b in found)
            hits.append(hit)
            safe[owner] = safe[owner] and hit
    return sum(hits) / len(hits), sum(safe.values()) / len(safe)
