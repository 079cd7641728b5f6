# loses: 3
    scores = np.zeros(len(ill))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=1).split(values, ill):
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(values[train], ill[train])
        scores[test] = model.decision_function(values[test])
    everybody = float(roc_auc_score(ill, scores))
    return {str(name): everybody for name in np.unique(site) if len(np.unique(ill[site == name])) == 2}
