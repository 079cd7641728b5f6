# loses: 3
    targets = np.vstack([first, second])
    association = (targets @ male.T).mean(axis=1) - (targets @ female.T).mean(axis=1)
    ahead, behind = association[: len(first)], association[len(first) :]
    return float((ahead.mean() - behind.mean()) / association.std())
