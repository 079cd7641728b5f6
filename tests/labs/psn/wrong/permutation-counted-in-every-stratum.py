# loses: 2
        for layer in layers:
            mixed[layer] = generator.permutation(outcome[layer])
            if similarity.spread_of_shares(mixed, group) >= least:
                count += 1
