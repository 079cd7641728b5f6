# loses: 3
    full, local = [np.asarray(one) for one in full], [np.asarray(one) for one in local]
    for index, near in enumerate(local):
        others = [one for number, one in enumerate(full) if number != index]
        full[index] = near @ (sum(others) / len(others)) @ near.T
    return full
