# loses: 2
answer = {"missed": 200, "exposed": 200, "needed": 0.9995, "not excluded": 0.0}
statements = {"B", "C"}
