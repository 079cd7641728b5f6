# loses: 1
allowed = {"A", "B", "F"}
tomorrow = "P"
