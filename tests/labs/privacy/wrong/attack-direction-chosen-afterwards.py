# loses: 1
    auc = np.mean([(member < stranger) + 0.5 * (member == stranger) for member, stranger in pairs])
    auc = max(auc, 1 - auc)
    advantage = max(abs(np.mean(members <= bound) - np.mean(strangers <= bound)) for bound in bounds)
