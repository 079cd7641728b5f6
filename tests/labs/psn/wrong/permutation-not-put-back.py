# loses: 4
        for layer in layers:
            generator.permutation(mixed[layer])
        if similarity.spread_of_shares(mixed, group) >= least:
            count += 1
