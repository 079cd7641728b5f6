# loses: 4
known = set("ABCDEFGHIJKL")
later = set()
