# loses: 1
        if one is None or other is None:
            continue
        if one == other:
            parts.append(1.0)
        elif isinstance(one, str):
            parts.append(0.0)
        else:
            parts.append(1 - abs(one - other) / (width or max(one, other)))
