# loses: 3
    day, event = np.asarray(day), np.asarray(event)
    day, event = day[event > 0], event[event > 0]
    return float(np.mean((day <= at) & (event == cause)))
