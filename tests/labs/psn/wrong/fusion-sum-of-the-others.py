# loses: 2
        new.append(local[one] @ others.sum(axis=0) @ local[one].T)
