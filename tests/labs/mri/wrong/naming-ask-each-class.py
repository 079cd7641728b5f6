# loses: 3
    names = {int(number): 0 for number in np.unique(cluster)}
    for label in np.unique(drawn[drawn > 0]):
        inside = np.bincount(cluster[drawn == label])
        names[int(inside.argmax())] = int(label)
    return names
