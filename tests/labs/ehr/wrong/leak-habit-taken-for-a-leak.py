# loses: 1
known = {"A", "B", "D", "J"}
later = {"C", "E", "F", "G", "H", "I", "K", "L"}
