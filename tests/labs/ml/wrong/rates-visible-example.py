# loses: 3
    return {"sensitivity": 0.8, "specificity": 0.9, "PPV": 0.8, "NPV": 0.9}
