# loses: 2
wrong = {"B", "C", "D", "E", "F", "G"}
