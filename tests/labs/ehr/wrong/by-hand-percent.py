# loses: 3
by_hand = {"at risk at 2": 7, "at risk at 5": 5, "at risk at 9": 2}
by_hand |= {"S(2)": 600 / 7, "S(5)": 2400 / 35, "S(8)": 2400 / 35, "S(9)": 1200 / 35, "median": 9}
