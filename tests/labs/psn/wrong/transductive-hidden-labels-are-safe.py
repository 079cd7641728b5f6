# loses: 1
allowed = {"A", "B", "D", "E"}
tomorrow = "Q"
