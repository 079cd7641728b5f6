# loses: 1
    return prior * risk_if_yes / (prior * risk_if_yes + (1 - prior) * risk_if_no)
