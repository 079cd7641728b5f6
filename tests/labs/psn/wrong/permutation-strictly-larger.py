# loses: 4
        for layer in layers:
            mixed[layer] = generator.permutation(outcome[layer])
        if similarity.spread_of_shares(mixed, group) > real + 1e-9:
            count += 1
