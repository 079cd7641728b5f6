# loses: 1
plans = {"A": "leak", "B": "leak", "C": "chosen", "D": "chosen", "E": "sound", "F": "removed"}
