# loses: 1
    spent, decisions = 0.0, []
    for one in requests:
        spent += one
        decisions.append(spent <= budget + 1e-9)
    return decisions
