# loses: 3
    right = [np.mean((logits / one > 0) == (truth == 1)) for one in candidates]
    return candidates[int(np.argmax(right))]
