# loses: 2
    truth, probability = np.asarray(truth), np.asarray(probability)
    order = np.argsort(-np.abs(probability - 0.5))
    number = round(coverage * len(truth))
    kept, passed = order[:number], order[number:]
    accuracy = float(np.mean((probability[kept] >= 0.5) == (truth[kept] == 1)))
    return accuracy, len(passed), float(truth.mean())
