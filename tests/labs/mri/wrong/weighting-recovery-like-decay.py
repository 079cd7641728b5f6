# loses: 2
order = {
    "T1-weighted": ["white matter", "grey matter", "CSF"],
    "T2-weighted": ["CSF", "grey matter", "white matter"],
}
by_hand = {"a": 0.368, "b": 0.368, "c": 0.135}
