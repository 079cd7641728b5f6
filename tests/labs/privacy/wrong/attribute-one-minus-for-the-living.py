# loses: 1
    chance = prior * risk_if_yes / (prior * risk_if_yes + (1 - prior) * risk_if_no)
    return chance if died else 1 - chance
