# loses: 3
        full[one] = local[one] @ others.mean(axis=0) @ local[one].T
        new.append(full[one])
