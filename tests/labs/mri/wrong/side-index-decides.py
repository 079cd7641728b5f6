# loses: 2
x = {"A": -60, "B": 60, "C": 30, "D": -30}
side = {"A": "left", "B": "left", "C": "right", "D": "right", "E": "right"}
