# loses: 1
    spent, decisions = 0.0, []
    for one in requests:
        decisions.append(spent + one <= budget)
        spent += one if decisions[-1] else 0.0
    return decisions
