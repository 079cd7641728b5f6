# loses: 3
    result = {}
    for name in np.unique(site):
        here = np.asarray(site) == name
        if len(np.unique(ill[here])) == 2:
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(values[~here], ill[~here])
            result[str(name)] = float(roc_auc_score(ill[~here], model.decision_function(values[~here])))
    return result
