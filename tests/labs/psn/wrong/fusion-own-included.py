# loses: 4
        new.append(local[one] @ full.mean(axis=0) @ local[one].T)
