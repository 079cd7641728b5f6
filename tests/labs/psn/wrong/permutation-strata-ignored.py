# loses: 2
        mixed = generator.permutation(outcome)
        if similarity.spread_of_shares(mixed, group) >= least:
            count += 1
