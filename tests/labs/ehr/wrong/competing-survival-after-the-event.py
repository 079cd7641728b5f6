# loses: 4
    day, event = np.asarray(day), np.asarray(event)
    nothing_yet, share = 1.0, 0.0
    for moment in np.unique(day[event > 0]):
        if moment <= at:
            at_risk = np.sum(day >= moment)
            nothing_yet *= 1 - np.sum((day == moment) & (event > 0)) / at_risk
            share += nothing_yet * np.sum((day == moment) & (event == cause)) / at_risk
    return float(share)
