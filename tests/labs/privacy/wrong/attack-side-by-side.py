# loses: 2
    pairs = list(zip(members, strangers))
    auc = np.mean([(member < stranger) + 0.5 * (member == stranger) for member, stranger in pairs])
    advantage = max(np.mean(members <= bound) - np.mean(strangers <= bound) for bound in bounds[: len(members) + 1])
