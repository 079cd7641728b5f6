# loses: 2
    auc = np.mean([member < stranger for member, stranger in pairs])
    advantage = max(np.mean(members <= bound) - np.mean(strangers <= bound) for bound in bounds)
