# loses: 4
    model = make_pipeline(SelectKBest(f_classif, k=keep), StandardScaler(), LogisticRegression()).fit(values, target)
    return float(metrics.roc_auc_score(target, model.predict_proba(values)[:, 1]))
