# loses: 3
answer = {
    "always benign: accuracy": 98.0,
    "always benign: sensitivity": 0.0,
    "model: accuracy": 94.9,
    "model: precision": 26.9,
    "model: balanced accuracy": 92.5,
}
statements = {"B", "C"}
