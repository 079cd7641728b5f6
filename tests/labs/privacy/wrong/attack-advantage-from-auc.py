# loses: 2
    inside, outside = np.asarray(member_losses, dtype=float), np.asarray(stranger_losses, dtype=float)
    auc = float(np.mean((inside[:, None] < outside) + 0.5 * (inside[:, None] == outside)))
    return auc, 2 * auc - 1
