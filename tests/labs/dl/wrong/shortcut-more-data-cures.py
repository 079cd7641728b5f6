# loses: 1
predictions = {"B", "D", "E", "F"}
