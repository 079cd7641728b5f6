# loses: 1
by_hand = {"at risk at 2": 7, "at risk at 5": 5, "at risk at 9": 2}
by_hand |= {"S(2)": 6 / 7, "S(5)": 24 / 35, "S(8)": 24 / 35 * 2 / 3, "S(9)": 12 / 35, "median": 9}
