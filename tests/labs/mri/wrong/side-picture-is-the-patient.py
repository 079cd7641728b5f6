# loses: 1
x = {"A": -60, "B": 60, "C": 30, "D": -30}
side = {"A": "left", "B": "right", "C": "right", "D": "left", "E": "left"}
