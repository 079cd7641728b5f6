# loses: 4
        if one is None or other is None:
            continue
        if width is None or width == 0:
            parts.append(float(one != other))
        else:
            parts.append(abs(one - other) / width)
