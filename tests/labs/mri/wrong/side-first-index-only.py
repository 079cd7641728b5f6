# loses: 2
x = {"A": -60, "B": 60, "C": -30, "D": -240}
side = {"A": "left", "B": "right", "C": "left", "D": "left", "E": "right"}
