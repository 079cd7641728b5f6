# loses: 2
    model = make_pipeline(SelectKBest(f_classif, k=20), StandardScaler(), LogisticRegression())
    cv = StratifiedKFold(parts, shuffle=True, random_state=seed)
    return float(cross_val_score(model, values, target, cv=cv, scoring="roc_auc").mean())
