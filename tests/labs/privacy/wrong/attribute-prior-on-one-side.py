# loses: 2
    return prior * seen_if_yes / (seen_if_yes + seen_if_no)
