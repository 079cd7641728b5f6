# loses: 1
    order = np.argsort(-np.asarray(resemblance), axis=1, kind="stable")
    links = np.zeros(np.shape(resemblance), dtype=int)
    for patient, chosen in enumerate(order[:, 1 : k + 1]):
        links[patient, chosen] = 1
    links = np.maximum(links, links.T)
    np.fill_diagonal(links, 0)
    return links
