# loses: 1
allowed = {"A", "B", "D", "E", "F"}
tomorrow = "Q"
