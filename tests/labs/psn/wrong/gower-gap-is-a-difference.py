# loses: 2
        if one is None or other is None:
            parts.append(0.0)
        elif width is None or width == 0:
            parts.append(float(one == other))
        else:
            parts.append(1 - abs(one - other) / width)
