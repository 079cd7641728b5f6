# loses: 2
        if not one or not other:
            continue
        if not width:
            parts.append(float(one == other))
        else:
            parts.append(1 - abs(one - other) / width)
