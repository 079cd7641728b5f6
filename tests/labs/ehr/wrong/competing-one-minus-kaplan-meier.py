# loses: 4
    day, event = np.asarray(day), np.asarray(event)
    share = 1.0
    for moment in np.unique(day[event == cause]):
        if moment <= at:
            share *= 1 - np.sum((day == moment) & (event == cause)) / np.sum(day >= moment)
    return float(1 - share)
