# loses: 2
    parts = []
    for one, other, width in zip(first, second, ranges, strict=True):
        if not one or not other:
            continue
        if not width:
            parts.append(float(one == other))
        else:
            parts.append(1 - abs(one - other) / width)
    return sum(parts) / len(parts) if parts else float("nan")
