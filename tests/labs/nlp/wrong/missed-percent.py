# loses: 3
answer = {"missed": 200, "exposed": 182.1, "needed": 99.95, "not excluded": 1.0}
statements = {"A", "B", "C"}
