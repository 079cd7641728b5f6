# loses: 2
allowed = set("ABCDE")
tomorrow = "Q"
