# loses: 1
wrong = {"B", "C", "F"}
