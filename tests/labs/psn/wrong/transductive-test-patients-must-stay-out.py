# loses: 2
allowed = {"E"}
tomorrow = "Q"
