# loses: 3
    np.fill_diagonal(others, -np.inf)
    for patient, row in enumerate(others):
        links[patient, np.argsort(-row)[:k]] = 1
    return np.minimum(links, links.T)
