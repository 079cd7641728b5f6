# loses: 2
known = {"A", "B", "D", "E", "H", "J"}
later = {"C", "F", "G", "I", "K", "L"}
