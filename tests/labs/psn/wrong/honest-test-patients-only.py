# loses: 2
    dead, alive = values[is_test & (target == 1)], values[is_test & (target == 0)]
    difference = np.abs(dead.mean(axis=0) - alive.mean(axis=0))
    scaled = StandardScaler().fit_transform(values[:, np.argsort(-difference)[:keep]])
    adjacency = similarity.network(-pairwise_distances(scaled), k)
    score = similarity.spread(adjacency, np.where(is_test, -1, target), alpha=0.5)
    return float(roc_auc_score(target[is_test], score[is_test]))
