# loses: 2
    truth, probability = np.asarray(truth), np.asarray(probability)
    isolated = probability >= threshold
    odds = threshold / (1 - threshold)
    model = np.mean(isolated & (truth == 1)) - np.mean(isolated & (truth == 0)) * odds
    found = {"model": model, "all": np.mean(truth), "none": 0.0}
    return found | {"best": max(found, key=found.get)}
