# loses: 1
    names = {}
    for number in range(int(np.max(cluster)) + 1):
        votes = np.bincount(np.asarray(drawn)[np.asarray(cluster) == number], minlength=1)
        votes[0] = 0
        names[number] = int(votes.argmax())
    return names
