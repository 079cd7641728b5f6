# loses: 3
hand = {"k": 2, "unique share": 0.125, "k after suppression": 7 / 3, "given away": {4, 5}}
hand |= {"k after generalisation": 3.5, "chance of HIV": 0.5}
after_names = {"B", "D"}
