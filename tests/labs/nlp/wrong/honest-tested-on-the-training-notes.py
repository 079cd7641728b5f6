# loses: 3
    return float(classifier().fit(texts, group).score(texts, group))
