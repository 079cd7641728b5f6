# loses: 1
    others = np.array(resemblance, dtype=float)
    np.fill_diagonal(others, 0)
    links = np.zeros(others.shape, dtype=int)
    for patient, chosen in enumerate(np.argsort(-others, axis=1)[:, :k]):
        links[patient, chosen] = 1
    return np.maximum(links, links.T)
