# loses: 1
    return seen_if_yes / (seen_if_yes + seen_if_no)
