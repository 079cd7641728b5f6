# loses: 1
predictions = {"C", "D", "F"}
