# loses: 1
        new.append(local[one] @ others[0] @ local[one].T)
