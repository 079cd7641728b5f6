# loses: 2
allowed = {"F"}
tomorrow = "Q"
