# loses: 4
    mean = sum(np.asarray(one) for one in full) / len(full)
    return [np.asarray(near) @ mean @ np.asarray(near).T for near in local]
