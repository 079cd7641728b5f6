# loses: 2
plans = {"A": "leak", "B": "leak", "C": "sound", "D": "chosen", "E": "sound", "F": "sound"}
