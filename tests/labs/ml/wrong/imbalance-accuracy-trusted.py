# loses: 2
answer = {
    "always benign: accuracy": 0.98,
    "always benign: sensitivity": 0.0,
    "model: accuracy": 0.925,
    "model: precision": 18 / 67,
    "model: balanced accuracy": 0.925,
}
statements = {"A", "C", "D"}
