# loses: 2
order = {
    "T1-weighted": ["CSF", "grey matter", "white matter"],
    "T2-weighted": ["white matter", "grey matter", "CSF"],
}
by_hand = {"a": 0.37, "b": 0.63, "c": 0.23}
