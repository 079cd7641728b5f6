# loses: 2
    auc = np.mean([(member < stranger) + 0.5 * (member == stranger) for member, stranger in pairs])
    advantage = np.mean(members <= 0.5) - np.mean(strangers <= 0.5)
