# loses: 2
diagnosis = {"P": "underfitting", "Q": "overfitting", "R": "sound", "S": "sound"}
remedy = {"P": "a", "Q": "b", "R": "c", "S": "c"}
