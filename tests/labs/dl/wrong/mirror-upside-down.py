# loses: 2
    other = {"left": "right", "right": "left", "none": "none"}
    new = np.where(np.asarray(turned)[:, None, None], images[:, ::-1, :], images)
    return new, [other[side] if flipped else side for side, flipped in zip(sides, turned)]
