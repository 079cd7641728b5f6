# loses: 4
    full, local = [np.asarray(one) for one in full], [np.asarray(one) for one in local]
    total = sum(full)
    return [near * ((total - own) / (len(full) - 1)) * near.T for own, near in zip(full, local, strict=True)]
