# loses: 4
    best = int(np.argmax(test_auc))
    return best, test_auc[best]
