# loses: 4
    return {"sensitivity": tp / (tp + fp), "specificity": tn / (tn + fn), "PPV": tp / (tp + fn), "NPV": tn / (tn + fp)}
