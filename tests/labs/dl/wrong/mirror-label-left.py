# loses: 3
    return np.where(np.asarray(turned)[:, None, None], images[:, :, ::-1], images), sides
