# loses: 3
    truth, probability = np.asarray(truth), np.asarray(probability)
    order = np.argsort(-probability)
    number = round(coverage * len(truth))
    kept, passed = order[:number], order[number:]
    accuracy = float(np.mean((probability[kept] >= 0.5) == (truth[kept] == 1)))
    return accuracy, len(passed), float(truth[passed].mean()) if len(passed) else float("nan")
