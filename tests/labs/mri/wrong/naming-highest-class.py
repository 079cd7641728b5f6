# loses: 2
    names = {}
    for number in np.unique(cluster):
        names[int(number)] = int(np.max(np.asarray(drawn)[np.asarray(cluster) == number]))
    return names
