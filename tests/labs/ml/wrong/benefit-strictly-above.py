# loses: 1
    truth, probability = np.asarray(truth), np.asarray(probability)

    def benefit(isolated):
        odds = threshold / (1 - threshold)
        return np.mean(isolated & (truth == 1)) - np.mean(isolated & (truth == 0)) * odds

    found = {"model": benefit(probability > threshold), "all": benefit(np.ones(len(truth), bool)), "none": 0.0}
    return found | {"best": max(found, key=found.get)}
