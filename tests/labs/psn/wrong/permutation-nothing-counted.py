# loses: 4
        for layer in layers:
            mixed[layer] = generator.permutation(outcome[layer])
