# loses: 2
plans = {"A": "leak", "B": "sound", "C": "sound", "D": "chosen", "E": "sound", "F": "removed"}
