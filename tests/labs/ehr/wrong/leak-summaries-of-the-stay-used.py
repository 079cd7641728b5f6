# loses: 2
known = {"A", "B", "D", "E", "G", "H", "I", "J"}
later = {"C", "F", "K", "L"}
