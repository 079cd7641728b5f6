# loses: 1
order = {
    "T1-weighted": ["white matter", "grey matter", "CSF"],
    "T2-weighted": ["CSF", "grey matter", "white matter"],
}
by_hand = {"a": 0.37, "b": 0.63, "c": 1.0}
