# loses: 1
answer = {"missed": 200, "exposed": 182, "needed": 0.9995, "not excluded": 0.01}
statements = {"A", "B", "C"}
