# loses: 1
answer = {
    "always benign: accuracy": 0.98,
    "always benign: sensitivity": 0.0,
    "model: accuracy": 0.949,
    "model: precision": 0.90,
    "model: balanced accuracy": 0.925,
}
statements = {"B", "C"}
