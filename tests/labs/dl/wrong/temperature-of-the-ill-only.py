# loses: 2
    ill = np.asarray(truth) == 1
    return candidates[int(np.argmin([np.logaddexp(0, -np.asarray(logits)[ill] / one).mean() for one in candidates]))]
