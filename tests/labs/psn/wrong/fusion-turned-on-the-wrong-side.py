# loses: 3
        new.append(local[one].T @ others.mean(axis=0) @ local[one])
