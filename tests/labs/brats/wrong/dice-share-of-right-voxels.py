# loses: 3
    return float(np.mean(np.asarray(truth) == np.asarray(prediction)))
