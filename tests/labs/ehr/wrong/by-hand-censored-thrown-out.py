# loses: 4
by_hand = {"at risk at 2": 3, "at risk at 5": 2, "at risk at 9": 1}
by_hand |= {"S(2)": 2 / 3, "S(5)": 1 / 3, "S(8)": 1 / 3, "S(9)": 0, "median": 5}
