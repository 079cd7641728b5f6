# loses: 3
    truth, prediction = np.asarray(truth), np.asarray(prediction)
    cells = [(0, 0), (1, 0), (0, 1), (1, 1)]
    return tuple(int(np.sum((truth == t) & (prediction == p))) for t, p in cells)
