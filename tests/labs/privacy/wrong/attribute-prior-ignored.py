# loses: 2
    yes, no = (risk_if_yes, risk_if_no) if died else (1 - risk_if_yes, 1 - risk_if_no)
    return yes / (yes + no)
