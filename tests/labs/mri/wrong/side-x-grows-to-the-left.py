# loses: 4
x = {"A": -60, "B": 60, "C": 30, "D": -30}
side = {"A": "right", "B": "left", "C": "left", "D": "right", "E": "left"}
