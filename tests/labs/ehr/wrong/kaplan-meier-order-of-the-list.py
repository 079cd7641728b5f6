# loses: 2
    share, left = 1.0, len(months)
    for month, dead in zip(months, died):
        if month > at:
            break
        if dead:
            share *= 1 - 1 / left
        left -= 1
    return float(share)
