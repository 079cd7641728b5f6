# loses: 1
allowed = {"A", "B", "E"}
tomorrow = "P"
