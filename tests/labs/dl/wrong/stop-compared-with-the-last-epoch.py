# loses: 1
    best, waited = 0, 0
    for epoch in range(1, len(validation_loss)):
        waited = 0 if validation_loss[epoch] < validation_loss[epoch - 1] else waited + 1
        if validation_loss[epoch] < validation_loss[best]:
            best = epoch
        if waited >= patience:
            break
    return best, test_auc[best]
