# loses: 3
predictions = {"A", "C", "E"}
