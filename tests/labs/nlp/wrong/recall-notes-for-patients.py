# loses: 1
    hits, notes_safe = [], []
    for wanted, found in zip(identifiers, masked):
        covered = {place for start, end in found for place in range(start, end)}
        here = [all(place in covered for place in range(start, end)) for start, end in wanted]
        hits += here
        notes_safe.append(all(here))
    return sum(hits) / len(hits), sum(notes_safe) / len(notes_safe)
