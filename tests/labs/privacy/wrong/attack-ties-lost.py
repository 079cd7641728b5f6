# loses: 2
    inside, outside = np.asarray(member_losses, dtype=float), np.asarray(stranger_losses, dtype=float)
    gains = [np.mean(inside <= bound) - np.mean(outside <= bound) for bound in np.concatenate([inside, outside])]
    return float(np.mean(inside[:, None] < outside)), float(max(0.0, *gains))
