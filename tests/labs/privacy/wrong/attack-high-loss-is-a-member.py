# loses: 4
    inside, outside = np.asarray(member_losses, dtype=float), np.asarray(stranger_losses, dtype=float)
    gains = [np.mean(inside >= bound) - np.mean(outside >= bound) for bound in np.concatenate([inside, outside])]
    higher, same = inside[:, None] > outside, inside[:, None] == outside
    return float(np.mean(higher + 0.5 * same)), float(max(0.0, *gains))
