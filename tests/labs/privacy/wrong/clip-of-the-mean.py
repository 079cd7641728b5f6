# loses: 4
    mean = gradients.sum(axis=0) / expected
    mean = mean / max(1.0, np.linalg.norm(mean) / clip)
    return mean + noise * clip / expected * draw
