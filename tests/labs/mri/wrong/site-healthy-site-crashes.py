# loses: 1
    result = {}
    for name in np.unique(site):
        here = np.asarray(site) == name
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(values[~here], ill[~here])
        known = ill[here]
        assert 0 < known.sum() < len(known)
        result[str(name)] = float(roc_auc_score(known, model.decision_function(values[here])))
    return result
