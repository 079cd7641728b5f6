# loses: 2
    best = int(np.argmin(validation_loss))
    return best, test_auc[best]
