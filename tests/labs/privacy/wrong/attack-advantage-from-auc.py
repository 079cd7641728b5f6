# loses: 2
    auc = np.mean([(member < stranger) + 0.5 * (member == stranger) for member, stranger in pairs])
    advantage = 2 * auc - 1
