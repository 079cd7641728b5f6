# loses: 2
known = {"A", "B", "J"}
later = {"C", "D", "E", "F", "G", "H", "I", "K", "L"}
