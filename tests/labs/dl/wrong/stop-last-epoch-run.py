# loses: 4
    best = 0
    for epoch, value in enumerate(validation_loss):
        if value < validation_loss[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, test_auc[epoch]
