# loses: 4
    learn = ~is_test
    dead, alive = values[learn & (target == 1)], values[learn & (target == 0)]
    difference = np.abs(dead.mean(axis=0) - alive.mean(axis=0))
    scaled = StandardScaler().fit_transform(values[:, np.argsort(-difference)[:keep]])
    adjacency = similarity.network(-pairwise_distances(scaled), k)
    score = similarity.spread(adjacency, np.where(is_test, -1, target), alpha=0.5)
    return float(roc_auc_score(target[learn], score[learn]))
