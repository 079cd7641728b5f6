# loses: 3
    signed = np.where(np.asarray(truth) == 1, 1.0, -1.0) * np.asarray(logits, dtype=float)
    return candidates[int(np.argmin([np.logaddexp(0, -signed * one).mean() for one in candidates]))]
