# loses: 1
        for layer in layers:
            mixed[layer] = np.random.permutation(outcome[layer])
        if similarity.spread_of_shares(mixed, group) >= least:
            count += 1
