# loses: 3
    parts = KFold(5, shuffle=True, random_state=seed)
    return float(np.mean(cross_val_predict(classifier(), texts, group, cv=parts) == group))
