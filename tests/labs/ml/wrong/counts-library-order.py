# loses: 3
    tn, fp, fn, tp = metrics.confusion_matrix(truth, prediction, labels=[0, 1]).ravel()
    return int(tn), int(fp), int(fn), int(tp)
