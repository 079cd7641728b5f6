# loses: 3
    from sklearn.model_selection import cross_val_score

    return float(cross_val_score(classifier(), texts, group, cv=KFold(5, shuffle=True, random_state=seed)).mean())
