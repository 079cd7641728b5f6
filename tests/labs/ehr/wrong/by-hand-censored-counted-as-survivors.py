# loses: 2
by_hand = {"at risk at 2": 7, "at risk at 5": 6, "at risk at 9": 5}
by_hand |= {"S(2)": 6 / 7, "S(5)": 5 / 7, "S(8)": 24 / 35, "S(9)": 4 / 7, "median": 9}
