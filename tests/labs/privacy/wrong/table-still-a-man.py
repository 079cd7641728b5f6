# loses: 1
hand = {"k": 1, "unique share": 0.125, "k after suppression": 2, "given away": {4, 5}}
hand |= {"k after generalisation": 3, "chance of HIV": 1.0}
after_names = {"B", "D"}
