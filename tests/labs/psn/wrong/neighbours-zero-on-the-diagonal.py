# loses: 1
    np.fill_diagonal(others, 0)
    for patient, row in enumerate(others):
        links[patient, np.argsort(-row)[:k]] = 1
    return np.maximum(links, links.T)
