# loses: 4
    total = gradients.sum(axis=0)
    total = total / max(1.0, np.linalg.norm(total) / clip)
    return (total + noise * clip * draw) / expected
