# loses: 3
    scaled = StandardScaler().fit_transform(values)
    adjacency = similarity.network(-pairwise_distances(scaled), k)
    score = similarity.spread(adjacency, np.where(is_test, -1, target), alpha=0.5)
    return float(roc_auc_score(target[is_test], score[is_test]))
