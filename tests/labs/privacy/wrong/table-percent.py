# loses: 3
hand = {"k": 1, "unique share": 12.5, "k after suppression": 2, "given away": {4, 5}}
hand |= {"k after generalisation": 3, "chance of HIV": 50}
after_names = {"B", "D"}
