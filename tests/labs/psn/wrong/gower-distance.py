# loses: 4
    parts = []
    for one, other, width in zip(first, second, ranges, strict=True):
        if one is None or other is None:
            continue
        if width is None or width == 0:
            parts.append(float(one != other))
        else:
            parts.append(abs(one - other) / width)
    return sum(parts) / len(parts) if parts else float("nan")
