# loses: 1
        if one is None and other is None:
            parts.append(1.0)
        elif one is None or other is None:
            continue
        elif width is None or width == 0:
            parts.append(float(one == other))
        else:
            parts.append(1 - abs(one - other) / width)
