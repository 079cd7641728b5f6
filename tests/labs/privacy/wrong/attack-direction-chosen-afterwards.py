# loses: 1
    inside, outside = np.asarray(member_losses, dtype=float), np.asarray(stranger_losses, dtype=float)
    gains = [np.mean(inside <= bound) - np.mean(outside <= bound) for bound in np.concatenate([inside, outside])]
    auc = float(np.mean((inside[:, None] < outside) + 0.5 * (inside[:, None] == outside)))
    return max(auc, 1 - auc), float(np.max(np.abs(gains)))
