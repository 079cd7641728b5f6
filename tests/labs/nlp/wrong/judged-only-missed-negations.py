# loses: 1
wrong = {"B", "F"}
