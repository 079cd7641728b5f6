# loses: 1
    names = {}
    for number in np.unique(cluster):
        votes = np.bincount(np.asarray(drawn)[np.asarray(cluster) == number])
        names[int(number)] = int(votes.argmax())
    return names
