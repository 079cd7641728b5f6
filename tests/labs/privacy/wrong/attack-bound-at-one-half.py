# loses: 2
    inside, outside = np.asarray(member_losses, dtype=float), np.asarray(stranger_losses, dtype=float)
    auc = float(np.mean((inside[:, None] < outside) + 0.5 * (inside[:, None] == outside)))
    return auc, float(np.mean(inside <= 0.5) - np.mean(outside <= 0.5))
