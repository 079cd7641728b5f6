# loses: 1
    return {"sensitivity": tp / (tp + fn), "specificity": tn / (tn + fp), "PPV": tp / (tp + fp), "NPV": tn / (tn + fn)}
