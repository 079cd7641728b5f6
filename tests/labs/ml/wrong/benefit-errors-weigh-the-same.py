# loses: 4
    truth, probability = np.asarray(truth), np.asarray(probability)

    def benefit(isolated):
        return np.mean(isolated & (truth == 1)) - np.mean(isolated & (truth == 0))

    found = {"model": benefit(probability >= threshold), "all": benefit(np.ones(len(truth), bool)), "none": 0.0}
    return found | {"best": max(found, key=found.get)}
