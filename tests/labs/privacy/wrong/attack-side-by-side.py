# loses: 2
    pairs = list(zip(member_losses, stranger_losses))
    auc = sum((a < b) + 0.5 * (a == b) for a, b in pairs) / len(pairs)
    inside, outside = np.asarray(member_losses, dtype=float), np.asarray(stranger_losses, dtype=float)
    gains = [np.mean(inside <= bound) - np.mean(outside <= bound) for bound in inside]
    return float(auc), float(max(0.0, *gains))
