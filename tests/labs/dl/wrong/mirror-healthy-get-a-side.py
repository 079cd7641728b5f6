# loses: 1
    new = np.where(np.asarray(turned)[:, None, None], images[:, :, ::-1], images)
    return new, [("left" if side == "right" else "right") if flipped else side for side, flipped in zip(sides, turned)]
