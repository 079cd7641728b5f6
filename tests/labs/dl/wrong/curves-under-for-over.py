# loses: 3
diagnosis = {"P": "overfitting", "Q": "underfitting", "R": "sound", "S": "suspicious"}
remedy = {"P": "b", "Q": "a", "R": "c", "S": "d"}
