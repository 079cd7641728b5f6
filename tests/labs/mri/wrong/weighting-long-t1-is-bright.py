# loses: 1
order = {
    "T1-weighted": ["CSF", "grey matter", "white matter"],
    "T2-weighted": ["CSF", "grey matter", "white matter"],
}
by_hand = {"a": 0.368, "b": 0.632, "c": 0.233}
