# loses: 3
    return prior * (risk_if_yes if died else 1 - risk_if_yes)
