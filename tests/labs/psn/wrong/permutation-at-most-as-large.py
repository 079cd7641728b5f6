# loses: 4
        for layer in layers:
            mixed[layer] = generator.permutation(outcome[layer])
        if similarity.spread_of_shares(mixed, group) <= real:
            count += 1
