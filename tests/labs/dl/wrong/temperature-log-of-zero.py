# loses: 1
    loss = []
    for one in candidates:
        chance = 1 / (1 + np.exp(-logits / one))
        loss.append(-np.mean(truth * np.log(chance) + (1 - truth) * np.log(1 - chance)))
    return candidates[int(np.argmin(loss))]
