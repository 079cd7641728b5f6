# loses: 2
    inside, outside = np.asarray(member_losses, dtype=float), np.asarray(stranger_losses, dtype=float)
    gains = [np.mean(inside < bound) - np.mean(outside <= bound) for bound in np.concatenate([inside, outside, [np.inf]])]
    return float(np.mean((inside[:, None] < outside) + 0.5 * (inside[:, None] == outside))), float(max(0.0, *gains))
