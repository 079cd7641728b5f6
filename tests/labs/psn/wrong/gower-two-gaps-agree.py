# loses: 1
    parts = []
    for one, other, width in zip(first, second, ranges, strict=True):
        if one is None and other is None:
            parts.append(1.0)
        elif one is None or other is None:
            continue
        elif width is None or width == 0:
            parts.append(float(one == other))
        else:
            parts.append(1 - abs(one - other) / width)
    return sum(parts) / len(parts) if parts else 0.0
