# loses: 2
    spent, decisions = 0.0, []
    for one in requests:
        decisions.append(spent + one < budget - 1e-9)
        spent += one if decisions[-1] else 0.0
    return decisions
