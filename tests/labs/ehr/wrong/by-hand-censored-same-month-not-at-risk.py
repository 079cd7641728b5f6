# loses: 3
by_hand = {"at risk at 2": 7, "at risk at 5": 4, "at risk at 9": 2}
by_hand |= {"S(2)": 6 / 7, "S(5)": 6 / 7 * 3 / 4, "S(8)": 6 / 7 * 3 / 4, "S(9)": 6 / 7 * 3 / 4 / 2, "median": 9}
