# loses: 2
hand = {"k": 1, "unique share": 0.125, "k after suppression": 2, "given away": set()}
hand |= {"k after generalisation": 3, "chance of HIV": 0.5}
after_names = {"B", "C", "D"}
