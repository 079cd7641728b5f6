# loses: 2
        fits = spent + epsilon <= 1.0 + 1e-9
        if fits:
            spent += epsilon
