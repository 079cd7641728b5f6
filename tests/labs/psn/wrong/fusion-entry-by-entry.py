# loses: 4
        new.append(local[one] * others.mean(axis=0) * local[one].T)
