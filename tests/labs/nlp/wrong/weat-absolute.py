# loses: 2
    def directions(rows):
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    targets = directions(np.vstack([first, second]))
    association = (targets @ directions(male).T).mean(axis=1) - (targets @ directions(female).T).mean(axis=1)
    ahead, behind = association[: len(first)], association[len(first) :]
    return abs(float((ahead.mean() - behind.mean()) / association.std()))
