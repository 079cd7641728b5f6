# loses: 2
diagnosis = {"P": "underfitting", "Q": "overfitting", "R": "overfitting", "S": "suspicious"}
remedy = {"P": "a", "Q": "b", "R": "b", "S": "d"}
