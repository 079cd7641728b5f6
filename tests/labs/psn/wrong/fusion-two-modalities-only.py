# loses: 2
    first, second = np.asarray(full[0]), np.asarray(full[1])
    return [local[0] @ second @ np.asarray(local[0]).T, local[1] @ first @ np.asarray(local[1]).T]
