# loses: 2
allowed = set("ABCDEF")
tomorrow = "Q"
