# loses: 3
    day, event = np.asarray(day), np.asarray(event)
    return float(np.mean((day <= at) & (event == cause)))
